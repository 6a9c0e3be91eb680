"""A code goes out to a real mail server; without one it is a file in the outbox."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller

from chat.models import Customer
from flows import codes
from tests.desk import free_port

pytestmark = pytest.mark.django_db


class Postman:
    def __init__(self) -> None:
        self.letters: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.letters.append(envelope)
        return "250 OK"


def test_a_code_is_mailed_once_for_a_request_taken_twice(ana: Customer, settings: Any) -> None:
    postman = Postman()
    server = Controller(postman, hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.hostname, server.port
        run_id = uuid4()
        for _ in range(2):
            codes.mail_code(customer=ana, email="ana@example.com", run_id=run_id, number=1, shop="Lumen & Oak")
    finally:
        server.stop()
    first, second = postman.letters
    assert first.rcpt_tos == ["ana@example.com"]
    code = codes.code_of(codes.proof_id_of(run_id, 1))
    assert code in first.content.decode()
    assert code in second.content.decode()


def test_without_a_server_letters_are_files(ana: Customer, settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    codes.mail_code(customer=ana, email="ana@example.com", run_id=uuid4(), number=1, shop="Lumen & Oak")
    (letter,) = tmp_path.iterdir()
    assert "ana@example.com" in letter.read_text()


def test_a_name_of_a_shop_adds_no_header(ana: Customer) -> None:
    with pytest.raises(ValueError, match="newlines"):
        codes.mail_code(customer=ana, email="ana@example.com", run_id=uuid4(), number=1, shop="x\nBcc: dan@example.com")
