"""The live page as a Components v2 element. Its own script is loaded from ``/live/web``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import streamlit as st

from formcheck.app.live import assets, set_videos, socket
from formcheck.app.urls import base_path
from formcheck.i18n import Translator, catalogue
from formcheck.i18n.dates import date_text
from formcheck.model.skeleton import BONES, INDEX
from formcheck.store.videos import KEEP_DAYS

if TYPE_CHECKING:
    from formcheck.app.live.protocol import PoseMode

_TEXTS = "live.ui."
_LOADER = """
// Called again with new data on every rerun, and once more when the page is left.
const shown = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const here = shown.get(parentElement) ?? { gone: false };
  shown.set(parentElement, here);
  here.gone = false;
  const address = new URL(`${data.base}/live/web/page.js?v=${data.version}`, window.location.origin);
  here.wanted = { data, parentElement, setTriggerValue };
  import(address.href).then(
    (page) => { if (!here.gone) here.leave = page.mount(here.wanted); },
    () => {
      if (here.gone) return;
      const alert = parentElement.querySelector("[role=alert]");
      alert.textContent = data.no_script;
      alert.hidden = false;
    },
  );
  return () => {
    here.gone = true;
    shown.delete(parentElement);
    here.leave?.();
  };
}
"""


@dataclass(slots=True, frozen=True)
class LivePage:
    """Settings of the page.

    ``token``: see ``Tickets``. ``mode``: where the pose is computed at first. ``modes``: the allowed modes. ``consent``: True when
    the person has to agree before ``server`` is used. ``camera``: a device id, ``user``, ``environment`` or None. ``resume``: the
    count of an interrupted set (``counted``, ``exercise``), None when there is none. ``film``: the person may have a set filmed.
    ``language``: the spoken language.
    """

    token: str
    mode: PoseMode
    modes: tuple[PoseMode, ...]
    consent: bool
    voice: Literal["auto", "files", "off"] = "auto"
    camera: str | None = None
    resume: dict[str, Any] | None = None
    film: bool = True
    language: str = "en"


def show(page: LivePage, t: Translator, *, key: str = "live") -> dict[str, Any] | None:
    """Show the live page. Return its report once, when the session is over; else None."""
    element = st.components.v2.component(
        "formcheck_live",
        html='<div class="live"></div><p role="alert" hidden></p>',  # the same in every language: all people share it
        css=_style(),
        js=_LOADER,
    )
    done: dict[str, Any] | None = element(key=key, data=_data(page, t), on_done_change=lambda: None).done
    return done


def _data(page: LivePage, t: Translator) -> dict[str, Any]:
    base, version = base_path(), assets.version()
    until = date_text(t, date.today() + timedelta(days=KEEP_DAYS))
    return {
        "base": base,
        "version": version,
        "socket": base + socket.PATH,
        "token": page.token,
        "mode": page.mode,
        "modes": list(page.modes),
        "consent": page.consent,
        "voice": page.voice,
        "camera": page.camera,
        "resume": page.resume,
        "film": {"address": base + set_videos.PATH, "until": until} if page.film else None,
        "language": t.language,
        "no_script": t("live.server.no_script"),
        "texts": {
            key.removeprefix(_TEXTS): text for key, text in catalogue(t.language).items() if key.startswith(_TEXTS)
        },
        "vendor": base + assets.VENDOR,
        "model_url": f"{base}{assets.MODELS}/pose_landmarker_full.task?v={version}",
        "lite_url": f"{base}{assets.MODELS}/pose_landmarker_lite.task?v={version}",
        "voices_url": base + assets.VOICES,
        "edges": [[INDEX[a], INDEX[b]] for a, b in BONES],
    }


def _style() -> str | None:
    path = Path(__file__).parent / "web" / "live.css"
    return path.read_text(encoding="utf-8") if path.exists() else None
