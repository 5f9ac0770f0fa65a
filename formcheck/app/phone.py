"""The app for a phone on the same network: HTTPS with a certificate for this run, and a code that admits one phone once.

A browser gives its camera only to a page that came over HTTPS, or from the same machine.
"""

from __future__ import annotations

import datetime
import ipaddress
import secrets
import socket
import sys
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from formcheck.errors import FormcheckError

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE, CODE = "formcheck-door", "code"
VALID_DAYS = 2
"""The certificate is valid this long (default)."""
# No packet is sent there. The system only chooses the address that it would send from.
_NOWHERE = ("10.255.255.255", 9)
_REFUSED = "Ask for a new code where formcheck runs. / Bed om en ny kode der, hvor formcheck kører."


def own_address() -> str:
    """Return this machine's address on the local network. Raises FormcheckError (``no_network``) when it has none."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(_NOWHERE)
            address = str(probe.getsockname()[0])
    except OSError:
        address = ""
    if not address or ipaddress.ip_address(address).is_loopback:
        message = (
            "This machine is on no network, so no phone can reach it. Connect it to the phone's Wi-Fi and try again."
        )
        raise FormcheckError(message, code="no_network")
    return address


def write_certificate(folder: Path, address: str) -> tuple[Path, Path]:
    """Write a new certificate for this address, and its key. Return their paths."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "formcheck")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=VALID_DAYS))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].touch(mode=0o600)
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


def show_code(url: str) -> None:
    """Print an address as a QR code in the terminal."""
    import segno

    segno.make(url, error="m").terminal(out=sys.stdout, compact=True, border=2)


class PhoneAccess:
    """ASGI middleware: the first browser with the code gets a cookie, and only that browser may enter. The code works once."""

    def __init__(self, app: ASGIApp, code: str) -> None:
        self.app, self._code, self._key = app, code, secrets.token_urlsafe(32)
        self._open = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on requests with the cookie, exchange the code for it, and refuse all others."""
        if scope["type"] == "lifespan" or self._has_key(scope):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 4403})
        elif self._open and secrets.compare_digest(_code_of(scope).encode(), self._code.encode()):
            self._open = False
            cookie = f"{COOKIE}={self._key}; Path=/; HttpOnly; Secure; SameSite=Strict"
            headers = [(b"location", b"/"), (b"set-cookie", cookie.encode()), (b"referrer-policy", b"no-referrer")]
            await _answer(send, 303, b"", headers)
        else:
            await _answer(send, 403, _REFUSED.encode(), [(b"content-type", b"text/plain; charset=utf-8")])

    def _has_key(self, scope: Scope) -> bool:
        cookies = [value for name, value in scope.get("headers", ()) if name == b"cookie"]
        pairs = [pair.strip().partition(b"=") for value in cookies for pair in value.split(b";")]
        return any(
            name == COOKIE.encode() and secrets.compare_digest(value, self._key.encode()) for name, _, value in pairs
        )


def _code_of(scope: Scope) -> str:
    query: bytes = scope.get("query_string", b"")
    return parse_qs(query.decode("latin-1")).get(CODE, [""])[0]


async def _answer(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    start: Message = {"type": "http.response.start", "status": status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": body})
