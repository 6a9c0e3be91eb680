"""A real mail server for tests: takes letters, or answers as told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aiosmtpd.controller import Controller

from tests.desk import free_port


class Postman:
    """`answers`: what the next letters are told after their text, then 250; `knows` says who has a box here.

    `hangs_up`: before it can say that it took a letter.
    """

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.answers: list[str] = []
        self.knows: set[str] | None = None
        self.hangs_up = False

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if self.knows is not None and address not in self.knows:
            return "550 no such box"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.letters.append(envelope)
        if self.hangs_up:
            server.transport.abort()
        return answer


def serving(settings: Any) -> Iterator[Postman]:
    """The desk's mail server, for as long as the caller wants it."""
    postman = Postman()
    server = Controller(postman, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.hostname, server.port
    try:
        yield postman
    finally:
        server.stop()
