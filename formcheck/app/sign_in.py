"""Signing in with OpenID Connect. All of it is set up by the environment: no file of the project holds a secret.

No password is kept here, and of what the provider tells only who somebody is: issuer, subject and name.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from formcheck.errors import UsageError

ADDRESS, METADATA, CLIENT, SECRET, COOKIE = NEEDED = (
    "FORMCHECK_ADDRESS",
    "FORMCHECK_OIDC_METADATA_URL",
    "FORMCHECK_OIDC_CLIENT_ID",
    "FORMCHECK_OIDC_CLIENT_SECRET",
    "FORMCHECK_COOKIE_SECRET",
)
"""The address that people open, the provider's configuration, what it knows this app by, and what signs the cookies."""
ACR = "FORMCHECK_OIDC_ACR_VALUES"
"""Optional: how sure the provider has to be of who it is, such as MitID's level."""
NAME = "oidc"
SCOPE = "openid profile"
"""Neither address nor civil registration number is asked for."""
SHORTEST_SECRET = 32


@dataclass(slots=True, frozen=True)
class Provider:
    """Whom people sign in with. ``address``: where they open the app."""

    address: str
    metadata_url: str
    client_id: str
    client_secret: str
    cookie_secret: str
    acr_values: str | None

    def secrets(self) -> dict[str, object]:
        """Return it as Streamlit's secrets. The provider asks anew at each sign-in: several people use one computer."""
        section: dict[str, object] = {
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "server_metadata_url": self.metadata_url,
            "client_kwargs": {"scope": SCOPE, "prompt": "login"},
        }
        if self.acr_values:
            section["authorize_params"] = {"acr_values": self.acr_values}
        shared = {"redirect_uri": f"{self.address.rstrip('/')}/oauth2callback", "cookie_secret": self.cookie_secret}
        return {"auth": {**shared, NAME: section}}


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
            raise UsageError(
                f"{name} is no address: it begins with https://.", code="sign_in_address", name=name
            )
    if len(given[COOKIE]) < SHORTEST_SECRET:
        raise UsageError(
            f"{COOKIE} is too short: at least {SHORTEST_SECRET} random characters.",
            code="sign_in_cookie", name=COOKIE, n=SHORTEST_SECRET,
        )  # fmt: skip
    return Provider(*given.values(), os.environ.get(ACR, "").strip() or None)
