"""The live page alone, as a Streamlit script: ``?mode=server`` or ``browser``. Nothing is stored."""

from __future__ import annotations

import secrets
import tempfile
from datetime import date
from functools import cache
from pathlib import Path

import streamlit as st

from formcheck import exercises
from formcheck.app.live.component import LivePage, show
from formcheck.app.live.session_registry import live_sessions
from formcheck.app.live.tickets import Ticket
from formcheck.i18n import translator
from formcheck.spec.prescription import Prescription, planned_sets
from formcheck.store.access import AuthorisedStore
from formcheck.store.principal import Local
from formcheck.store.store import Store


@cache
def store() -> Store:
    return Store(folder=Path(tempfile.mkdtemp(prefix="formcheck-benchmark-")))


if "token" not in st.session_state:
    training = store().sessions.open(store().people.me().id, date.today())
    plan = planned_sets([Prescription(exercise="squat", repetitions=200)], exercises.load)
    user = st.session_state.setdefault("user", secrets.token_hex(4))
    own = AuthorisedStore(store(), Local.PERSON)
    ticket = Ticket(user, "benchmark", training.id, plan, own, modes=("server", "browser"), consent_needed=False)
    st.session_state.token = live_sessions().tickets.issue(ticket)
mode = st.query_params.get("mode", "server")
show(LivePage(st.session_state.token, mode, ("server", "browser"), False, voice="files"), translator("en"))
