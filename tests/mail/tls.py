"""A door with TLS before a mailbox, as a mail server has it, and the certificates for it, made for the test."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"


class Authority:
    """A certificate authority of one's own; `root` is what whoever trusts it reads."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._key, self._name = folder, ec.generate_private_key(ec.SECP256R1()), _named(name)
        self.root = folder / f"{name}.pem"
        is_root = x509.BasicConstraints(ca=True, path_length=0)
        self.root.write_bytes(_pem(self._signed(self._name, self._key.public_key(), is_root)))

    def certificate(self, host: str, valid_days: int = 1) -> Path:
        """Certificate and key for `host`, in one file; negative days: it has run out."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.IPAddress(ip_address(host)) if host[0].isdigit() else x509.DNSName(host)
        signed = self._signed(_named(host), key.public_key(), x509.SubjectAlternativeName([name]), valid_days)
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path = self._folder / f"{host}{valid_days}.pem"
        path.write_bytes(_pem(signed) + secret)
        return path

    def _signed(
        self, subject: x509.Name, key: ec.EllipticCurvePublicKey, says: x509.ExtensionType, days: int = 1
    ) -> x509.Certificate:
        made = x509.CertificateBuilder(self._name, subject, key, x509.random_serial_number())
        made = made.not_valid_before(datetime.now(UTC) - timedelta(days=9))
        made = made.not_valid_after(datetime.now(UTC) + timedelta(days=days))
        return made.add_extension(says, critical=True).sign(self._key, hashes.SHA256())


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


@contextmanager
def tls_door(certificate: Path, behind: int) -> Iterator[int]:
    """Listens with TLS and passes on to the port `behind` on this machine; yields its own port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    loop = asyncio.new_event_loop()

    async def passes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, ssl.SSLError):
            while sent := await reader.read(65_536):
                writer.write(sent)
                await writer.drain()
            writer.close()

    async def comes_in(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_box, from_box = (await asyncio.open_connection(HOST, behind))[::-1]
        await asyncio.gather(passes(reader, to_box), passes(from_box, writer))

    server = loop.run_until_complete(asyncio.start_server(comes_in, HOST, 0, ssl=context))
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()
