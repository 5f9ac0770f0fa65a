"""Signing in with OpenID Connect. All of it is set up by the environment: no file of the project holds a secret.

No password is kept here, and of what the provider tells only who somebody is: issuer, subject and name.
"""

from __future__ import annotations

import importlib.util
import ipaddress
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from formcheck.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

ADDRESS, METADATA, CLIENT, SECRET, COOKIE = NEEDED = (
    "FORMCHECK_ADDRESS",
    "FORMCHECK_OIDC_METADATA_URL",
    "FORMCHECK_OIDC_CLIENT_ID",
    "FORMCHECK_OIDC_CLIENT_SECRET",
    "FORMCHECK_COOKIE_SECRET",
)
"""The address that people open, the provider's configuration, what it knows this app by, and what signs the cookies."""
WITHOUT = "FORMCHECK_WITHOUT_LOGIN"
"""``1``: whoever reaches the app may use it, as the one person it is for. Nothing else does."""
ACR = "FORMCHECK_OIDC_ACR_VALUES"
"""Optional: how sure the provider has to be of who it is, such as MitID's level. One of these, and nothing less, counts."""
ACR_CLAIM = "FORMCHECK_OIDC_ACR_CLAIM"
"""Optional: where the provider says how sure it was; ``acr``, as the standard has it, unless set."""
NAME = "oidc"
SCOPE = "openid profile"
"""Neither address nor civil registration number is asked for."""
ANSWERS_WITHIN_S = 20.0
"""For so long the provider is waited for: longer than the 5 s of the library, which a busy one takes."""
SHORTEST_SECRET = 32
ALL = "0.0.0.0"
"""Every address of this machine."""


@dataclass(slots=True, frozen=True)
class Provider:
    """Whom people sign in with. ``address``: where they open the app."""

    address: str
    metadata_url: str
    client_id: str
    client_secret: str
    cookie_secret: str
    acr_values: str | None
    acr_claim: str = "acr"

    def secrets(self) -> dict[str, object]:
        """Return it as Streamlit's secrets. The provider asks anew at each sign-in: several people use one computer."""
        section: dict[str, object] = {
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "server_metadata_url": self.metadata_url,
            "client_kwargs": {"scope": SCOPE, "prompt": "login", "timeout": ANSWERS_WITHIN_S},
        }
        if self.acr_values:
            section["authorize_params"] = {"acr_values": self.acr_values}
        shared = {"redirect_uri": f"{self.address.rstrip('/')}/oauth2callback", "cookie_secret": self.cookie_secret}
        return {"auth": {**shared, NAME: section}}

    def sure_enough(self, said: Mapping[str, object]) -> bool:
        """Return whether the provider was as sure of somebody as was asked: it need not heed that (OpenID Core, 5.5.1.1)."""
        return self.acr_values is None or said.get(self.acr_claim) in self.acr_values.split()


def called(said: Mapping[str, object]) -> str:
    """Return what somebody is called, of what the provider said. Not every one gives a whole name, and some give none."""
    parts = (said.get("name"), f"{said.get('given_name') or ''} {said.get('family_name') or ''}", said["sub"])
    return next(name for part in parts if (name := str(part or "").strip()))


def provider() -> Provider | None:
    """Return the provider that the environment names, None where nobody signs in. Raises UsageError for half of it."""
    given = {name: os.environ.get(name, "").strip() for name in NEEDED}
    if not any(given.values()):
        return None
    if missing := [name for name, value in given.items() if not value]:
        names = ", ".join(missing)
        raise UsageError(f"Signing in is set up by halves. Missing: {names}.", code="sign_in_missing", names=names)
    for name in (ADDRESS, METADATA):
        if urlsplit(given[name]).scheme not in ("http", "https"):
            raise UsageError(f"{name} is no address: it begins with https://.", code="sign_in_address", name=name)
    if len(given[COOKIE]) < SHORTEST_SECRET:
        raise UsageError(
            f"{COOKIE} is too short: at least {SHORTEST_SECRET} random characters.",
            code="sign_in_cookie",
            name=COOKIE,
            n=SHORTEST_SECRET,
        )
    level, claim = (os.environ.get(name, "").strip() for name in (ACR, ACR_CLAIM))
    return Provider(*given.values(), level or None, claim or "acr")


def check() -> Provider | None:
    """Return ``provider``, once it is sure that it can be used. Raises UsageError."""
    chosen = provider()
    if chosen is not None and importlib.util.find_spec("authlib") is None:
        raise UsageError("Signing in needs more: pip install 'formcheck[login]'", code="sign_in_extra")
    return chosen


def open_to_all() -> bool:
    """Return whether it was said that the app may be used by whoever reaches it."""
    return os.environ.get(WITHOUT) == "1"


def refuse_strangers(address: str | None) -> None:
    """Raise UsageError when others reach the app at this address (None: at all of the machine's) and nobody signs in."""
    if check() is None and not open_to_all() and not _is_this_machine(address):
        raise UsageError(
            f"At {address or ALL} others reach the app, and nobody signs in: everybody would see what is kept."
            f" Set up signing in (README, For a clinic), or say that it is meant so: --without-login or {WITHOUT}=1.",
            code="sign_in_open",
            address=address or ALL,
            name=WITHOUT,
        )


def _is_this_machine(address: str | None) -> bool:
    try:
        return address == "localhost" or ipaddress.ip_address(address or ALL).is_loopback
    except ValueError:  # a name
        return False
