"""Letters are fetched from a real mailbox: what was taken or refused is read, what could not be stored is not."""

from __future__ import annotations

import imaplib
import logging
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from agents.models import Agent
from chat import actions
from chat.models import Conversation, Customer, Message
from mail import imap, tasks
from tests.cast import assigned, replies
from tests.desk import free_port, until
from tests.mail.letters import ADDRESS, letter
from tests.mail.tls import HOST, Authority, tls_door

pytestmark = pytest.mark.django_db

USER, PASSWORD = "desk", "correct horse"


class Box:
    """The mailbox, as its owner sees it."""

    def __init__(self, port: int) -> None:
        self._link = imaplib.IMAP4("127.0.0.1", port, timeout=10)
        self._link.login(USER, PASSWORD)
        self._link.select("INBOX")

    def receives(self, raw: bytes) -> None:
        status, _ = self._link.append("INBOX", "", "", raw)
        assert status == "OK"

    def count(self, which: str) -> int:
        self._link.noop()
        return len(self._link.search(None, which)[1][0].split())

    def close(self) -> None:
        self._link.logout()


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    port = free_port()
    names = ["--demo-user", USER, "--demo-password", PASSWORD]
    server = subprocess.Popen(
        [Path(sys.executable).with_name("pymap"), "--host", "127.0.0.1", "--port", str(port), "--no-tls",
         "--no-service", "managesieve", "dict", *names],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    until(lambda: answers(port), 20, "the mailbox does not answer")
    yield port
    server.terminate()
    server.wait(10)


@pytest.fixture
def box(port: int, settings: Any) -> Iterator[Box]:
    settings.EMAIL_REPLY = "reply@shop.example"
    settings.EMAIL_IMAP_HOST, settings.EMAIL_IMAP_PORT, settings.EMAIL_IMAP_TLS = "127.0.0.1", port, False
    settings.EMAIL_IMAP_USER, settings.EMAIL_IMAP_PASSWORD = USER, PASSWORD
    found = Box(port)
    yield found
    found._link.store("1:*", "+FLAGS", r"(\Deleted)")
    found._link.expunge()
    found.close()


@pytest.fixture
def conversation(ana: Customer, bob: Agent) -> Conversation:
    found = assigned(ana, bob)
    actions.answer_by_mail(customer_id=ana.id, email=ADDRESS)
    replies(bob, found.id, "Which one?", "bob-000001")
    return found


def said() -> list[str]:
    return list(Message.objects.filter(client_id__startswith="mail:").order_by("seq").values_list("text", flat=True))


def test_what_is_unread_comes_in_once(box: Box, conversation: Conversation) -> None:
    box.receives(letter(conversation.id, "The blue one").as_bytes())
    box.receives(letter(conversation.id, "Two of them", Message_ID="<2@example.com>").as_bytes())
    box.receives(letter(conversation.id, "as dan", From="dan@example.com").as_bytes())
    assert imap.poll() == 2
    assert said() == ["The blue one", "Two of them"]
    assert (box.count("ALL"), box.count("UNSEEN")) == (3, 0)
    assert imap.poll() == 0


def test_a_large_letter_is_fetched_as_far_as_its_words_go(box: Box, conversation: Conversation) -> None:
    made = letter(conversation.id, "See the plan")
    made.add_attachment(b"x" * 2_000_000, "application", "pdf", filename="plan.pdf")
    box.receives(made.as_bytes())
    assert imap.poll() == 1
    assert said() == ["See the plan"]
    assert Message.objects.filter(notice="letter_cut").exists()


def test_what_could_not_be_stored_stays_unread(
    box: Box, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError

    box.receives(letter(conversation.id).as_bytes())
    with monkeypatch.context() as without_database:
        without_database.setattr(actions, "write_by_mail", away)
        with pytest.raises(OperationalError):
            imap.poll()
    assert box.count("UNSEEN") == 1
    assert imap.poll() == 1


def test_a_mailbox_that_is_away_or_says_no_is_asked_again_later(
    box: Box, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_IMAP_PASSWORD = "wrong"
    with caplog.at_level(logging.WARNING):
        tasks.fetch_letters()
        settings.EMAIL_IMAP_PORT = free_port()
        tasks.fetch_letters()
    assert caplog.text.count("the mailbox cannot be read") == 2
    assert "wrong" not in caplog.text


class TestTls:
    """As it is in earnest: port 993, and a server that must be who it says."""

    @pytest.fixture
    def ours(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
        """The authority that this machine trusts, and no other."""
        found = Authority(tmp_path, "ours")
        monkeypatch.setenv("SSL_CERT_FILE", str(found.root))
        monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "none"))
        return found

    def test_letters_are_fetched_from_a_server_that_is_trusted(
        self, box: Box, conversation: Conversation, ours: Authority, settings: Any
    ) -> None:
        box.receives(letter(conversation.id, "The blue one").as_bytes())
        with tls_door(ours.certificate(HOST), settings.EMAIL_IMAP_PORT) as door:
            settings.EMAIL_IMAP_TLS, settings.EMAIL_IMAP_PORT = True, door
            assert imap.poll() == 1
        assert said() == ["The blue one"]

    @pytest.mark.parametrize(
        ("whose", "host", "days"),
        [("another authority", HOST, 1), ("ours", "mx.example.com", 1), ("ours", HOST, -1)],
        ids=["of another authority", "of another host", "run out"],
    )
    def test_any_other_gets_neither_name_nor_password(
        self, box: Box, conversation: Conversation, ours: Authority, settings: Any, tmp_path: Path,
        caplog: pytest.LogCaptureFixture, whose: str, host: str, days: int,
    ) -> None:  # fmt: skip
        box.receives(letter(conversation.id, "The blue one").as_bytes())
        authority = ours if whose == "ours" else Authority(tmp_path, "theirs")
        with tls_door(authority.certificate(host, days), settings.EMAIL_IMAP_PORT) as door:
            settings.EMAIL_IMAP_TLS, settings.EMAIL_IMAP_PORT = True, door
            with pytest.raises(ssl.SSLCertVerificationError):
                imap.poll()
            with caplog.at_level(logging.WARNING):
                tasks.fetch_letters()
        assert "the mailbox cannot be read" in caplog.text
        assert said() == []

    def test_a_server_without_tls_is_not_spoken_to(self, box: Box, conversation: Conversation, settings: Any) -> None:
        settings.EMAIL_IMAP_TLS = True
        with pytest.raises((ssl.SSLError, OSError)):
            imap.poll()
