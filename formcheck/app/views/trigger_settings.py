"""The reasons that move a person up the list: reading, showing and saving the physiotherapist's own choice of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st
from pydantic import ValidationError

from formcheck.app import identity
from formcheck.app.views import small
from formcheck.clinic.triggers import Triggers
from formcheck.errors import FormcheckError
from formcheck.i18n import Translator, error_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from formcheck.store.access import AuthorisedStore

SETTING = "triggers"
"""Key of the choice among the account's settings."""
CHOICES: dict[str, tuple[int | None, ...]] = {
    "pain_above": (None, *range(10)),
    "unread_working_days": (None, *range(21)),
    "missed_sessions": (None, *range(1, 8)),
    "sample_one_in": (None, 2, 3, 5, 10, 20),
}
"""The values of each setting; None is off. Defaults."""


def chosen_triggers(store: AuthorisedStore) -> Triggers:
    """Return the triggers that the user chose; the defaults before that, or when the stored ones are not valid any longer."""
    stored = store.accounts.get(identity.own_account_id(store)).settings.get(SETTING, {})
    try:
        return Triggers.model_validate(stored)
    except ValidationError:
        return Triggers()


def form(t: Translator, store: AuthorisedStore, now: Triggers) -> None:
    """Show the form that changes them."""
    with st.expander(t("people.triggers.title"), icon=":material/tune:"):
        small(t("people.triggers.hint"))
        with st.form("triggers", border=False):
            chosen: dict[str, object] = {}
            left, right = st.columns(2, gap="large")
            with left:
                chosen["stop"] = st.toggle(t("people.triggers.stop"), now.stop, key="trigger-stop")
                chosen["change"] = st.toggle(t("people.triggers.change"), now.change, key="trigger-change")
                chosen["days"] = st.number_input(t("people.triggers.days"), 1, 60, now.days, key="trigger-days")
            with right:
                for name, options in CHOICES.items():
                    chosen[name] = _choice(t, name, options, getattr(now, name))
            if st.form_submit_button(t("people.triggers.save"), key="trigger-save"):
                _save(t, store, chosen)


def _choice(t: Translator, name: str, options: tuple[int | None, ...], now: int | None) -> int | None:
    """Let the user choose a value. ``now``: the present one, which is added to the options if it is not among them."""
    known = (
        options if now in options else tuple(sorted((*options, now), key=lambda value: -1 if value is None else value))
    )
    return st.selectbox(
        t(f"people.triggers.{name}"),
        known,
        index=known.index(now),
        key=f"trigger-{name}-{t.language}",
        format_func=_value_words(t, name),
    )


def _value_words(t: Translator, name: str) -> Callable[[int | None], str]:
    """Return a function that puts a value of a setting into words."""
    return lambda value: t("people.triggers.off") if value is None else t(f"people.triggers.{name}_value", n=value)


def _save(t: Translator, store: AuthorisedStore, chosen: dict[str, object]) -> None:
    try:
        triggers = Triggers.model_validate(chosen)
        store.accounts.save_settings(identity.own_account_id(store), **{SETTING: triggers.model_dump(mode="json")})
    except FormcheckError as error:
        st.error(error_text(error, t.language), icon=":material/error:")
    else:
        st.rerun()
