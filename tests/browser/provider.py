"""A full OpenID Connect provider in a process of its own: Django OAuth Toolkit, with passwords, consent and signed ID tokens.

Discovery, RS256 and its keys, PKCE, exact redirect addresses, a client secret and the end of its own session are the toolkit's.
Only what it has to know is here: one client, who has an account, and the keys, in a file that it is started with.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CLIENT, SECRET = "formcheck", "known to the two"
LOGIN = """<title>Provider</title><h1>Who are you?</h1>
<form method="post">{% csrf_token %}{{ form.as_p }}<button>Go on</button></form>"""
BARE = "<title>Provider</title>{% block content %}{% endblock %}"


@dataclass
class FullProvider:
    """A provider of sign-ins, and what is kept of it while it does not run.

    ``people``: what it says about whom (``claims``), by login. ``callback``: the one address that it leads back to.
    """

    folder: Path
    port: int
    callback: str
    people: Mapping[str, Mapping[str, str]]
    keys: list[str] = field(default_factory=list)
    """The key that signs, and those before it."""
    secret: str = field(default_factory=lambda: os.urandom(32).hex())
    """What its own sessions stand on."""
    process: subprocess.Popen | None = None

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def metadata_url(self) -> str:
        return f"{self.issuer}/.well-known/openid-configuration"

    def password(self, login: str) -> str:
        return f"{login} and a long way home"

    def start(self) -> None:
        """Serve, with what was kept before."""
        accounts = {
            login: {"password": self.password(login), "claims": dict(said)} for login, said in self.people.items()
        }
        known = {
            "port": self.port,
            "callback": self.callback,
            "keys": self.keys,
            "secret": self.secret,
            "accounts": accounts,
        }
        (self.folder / "provider.json").write_text(json.dumps(known))
        with (self.folder / "provider.log").open("a") as log:
            self.process = subprocess.Popen([sys.executable, __file__, str(self.folder)], stdout=log, stderr=log)
        for _ in range(600):
            try:
                with urllib.request.urlopen(self.metadata_url, timeout=10):
                    return
            except OSError:
                assert self.process.poll() is None, (self.folder / "provider.log").read_text()
                time.sleep(0.1)
        raise AssertionError("the provider did not start")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)

    def new_key(self) -> None:
        """Sign with a new key from the next start on; what the old ones signed can still be checked."""
        from jwcrypto.jwk import JWK

        key = JWK.generate(kty="RSA", size=2048)
        self.keys.insert(0, key.export_to_pem(private_key=True, password=None).decode())


@contextmanager
def running_provider(
    folder: Path, port: int, callback: str, people: Mapping[str, Mapping[str, str]]
) -> Iterator[FullProvider]:
    """Run a provider with its files in ``folder``."""
    provider = FullProvider(folder, port, callback, people)
    provider.new_key()
    provider.start()
    try:
        yield provider
    finally:
        provider.stop()


def serve(folder: Path) -> None:
    """Serve what ``provider.json`` in the folder says, until the process is ended."""
    known = json.loads((folder / "provider.json").read_text())
    _set_up(folder, known)
    from django.core.management import call_command
    from django.core.servers.basehttp import run
    from django.core.wsgi import get_wsgi_application

    call_command("migrate", verbosity=0)
    _fill(known)
    run("127.0.0.1", known["port"], get_wsgi_application(), threading=True)


def _set_up(folder: Path, known: dict) -> None:
    import django
    from django.conf import settings

    current, *older = known["keys"]
    loaders = [
        (
            "django.template.loaders.locmem.Loader",
            {"registration/login.html": LOGIN, "oauth2_provider/base.html": BARE},
        ),
        "django.template.loaders.app_directories.Loader",
    ]
    processors = ["django.template.context_processors.request", "django.contrib.auth.context_processors.auth"]
    settings.configure(
        ALLOWED_HOSTS=["localhost"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "provider.sqlite"}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "oauth2_provider",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": current,
            "OIDC_RSA_PRIVATE_KEYS_INACTIVE": older,
            "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,
            "OIDC_RP_INITIATED_LOGOUT_ALWAYS_PROMPT": False,
            "SCOPES": {"openid": "Who you are", "profile": "Your name"},
            "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
            "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
        },
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],  # quick: these passwords are worth nothing
        ROOT_URLCONF=__name__,
        SECRET_KEY=known["secret"],
        USE_TZ=True,
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {"loaders": loaders, "context_processors": processors},
            },
        ],
    )
    django.setup()
    _serve_at_addresses(known)


def _serve_at_addresses(known: dict) -> None:
    """Give this module the addresses that it answers at, and what is said about whom; Django has to be set up before."""
    from django.urls import include, path
    from oauth2_provider.oauth2_validators import OAuth2Validator
    from oauth2_provider.settings import oauth2_settings

    class Claims(OAuth2Validator):
        oidc_claim_scope = OAuth2Validator.oidc_claim_scope | {"acr": "openid"}

        def get_additional_claims(self, request: object) -> dict[str, str]:
            login = request.user.get_username()
            return {"sub": login, **known["accounts"][login]["claims"]}

    oauth2_settings.OAUTH2_VALIDATOR_CLASS = Claims
    globals()["urlpatterns"] = [
        path("accounts/", include("django.contrib.auth.urls")),
        path("", include("oauth2_provider.urls", namespace="oauth2_provider")),
    ]


def _fill(known: dict) -> None:
    """Make the client and the accounts, where they are not there yet."""
    from django.contrib.auth import get_user_model
    from oauth2_provider.models import get_application_model

    kind = get_application_model()
    kind.objects.get_or_create(
        client_id=CLIENT,
        defaults={
            "client_secret": SECRET,
            "client_type": kind.CLIENT_CONFIDENTIAL,
            "name": "formcheck",
            "authorization_grant_type": kind.GRANT_AUTHORIZATION_CODE,
            "algorithm": kind.RS256_ALGORITHM,
            "redirect_uris": known["callback"],
            "post_logout_redirect_uris": known["callback"],
        },
    )
    users = get_user_model().objects
    for login, account in known["accounts"].items():
        if not users.filter(username=login).exists():
            users.create_user(login, password=account["password"])


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
