"""Sign-in with OpenID Connect. The environment sets it up: no file of the project holds a secret.

The app keeps no password. Of the provider's claims it uses only those that identify a person: issuer, subject and name.
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
"""The address that people open, the provider's configuration, this app's id and secret there, and the key of the cookies."""
WITHOUT = "FORMCHECK_WITHOUT_LOGIN"
"""``1``: every person who reaches the app may use it, as the same one person. No other value does that."""
ACR = "FORMCHECK_OIDC_ACR_VALUES"
"""Optional: the required levels of assurance, such as MitID's. A sign-in must have one of them."""
ACR_CLAIM = "FORMCHECK_OIDC_ACR_CLAIM"
"""Optional: the claim with the level of assurance. Unset: ``acr``, as in the standard."""
NAME = "oidc"
SCOPE = "openid profile"
"""The app requests neither postal address nor civil registration number."""
ANSWERS_WITHIN_S = 20.0
"""The longest wait for the provider (s, default). A busy one may need more than the library's 5 s."""
SHORTEST_SECRET = 32
"""The least number of characters of the cookies' key (default)."""
ALL = "0.0.0.0"
"""Every address of this machine."""


@dataclass(slots=True, frozen=True)
class Provider:
    """The provider of the sign-in. ``address``: the address of the app."""

    address: str
    metadata_url: str
    client_id: str
    client_secret: str
    cookie_secret: str
    acr_values: str | None
    acr_claim: str = "acr"

    def secrets(self) -> dict[str, object]:
        """Return Streamlit's secrets. The provider asks for a login at every sign-in, because people share computers."""
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

    def is_assured(self, claims: Mapping[str, object]) -> bool:
        """Return whether a sign-in has a required level of assurance. A provider may ignore the request (OpenID Core, 5.5.1.1)."""
        return self.acr_values is None or claims.get(self.acr_claim) in self.acr_values.split()


def display_name(claims: Mapping[str, object]) -> str:
    """Return the name of a person from the provider's claims: the full name, given and family name, or the subject."""
    parts = (claims.get("name"), f"{claims.get('given_name') or ''} {claims.get('family_name') or ''}", claims["sub"])
    return next(name for part in parts if (name := str(part or "").strip()))


def provider() -> Provider | None:
    """Return the provider that the environment names; None without a sign-in. Raises UsageError when a part is missing."""
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
    return Provider(
        given[ADDRESS], given[METADATA], given[CLIENT], given[SECRET], given[COOKIE], level or None, claim or "acr"
    )


def check() -> Provider | None:
    """Return ``provider`` after checking that it can be used. Raises UsageError."""
    chosen = provider()
    if chosen is not None and importlib.util.find_spec("authlib") is None:
        raise UsageError("Signing in needs more: pip install 'formcheck[login]'", code="sign_in_extra")
    return chosen


def open_to_all() -> bool:
    """Return whether every person who reaches the app may use it."""
    return os.environ.get(WITHOUT) == "1"


def refuse_strangers(address: str | None) -> None:
    """Raise UsageError if others reach the app at this address (None: all of the machine's addresses) without a sign-in."""
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
