"""Programs, circles and forgeries stay outside."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

import pytest

from mail import mime
from mail.judging import is_same_box, refuse_programs, refuse_strangers
from mail.mime import Letter, Refused

ANA = "ana@example.com"


@pytest.fixture(autouse=True)
def desk(settings: Any) -> None:
    settings.EMAIL_REPLY, settings.DEFAULT_FROM_EMAIL = "reply@shop.example", "The desk <no-reply@shop.example>"


def letter(sender: str = f"Ana <{ANA}>", **headers: str) -> Letter:
    made = EmailMessage()
    made["From"] = sender
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content("hi")
    return mime.read(made.as_bytes())


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Auto_Submitted": "auto-replied"}, "automatic"),
        ({"Auto_Submitted": "auto-generated; type=vacation"}, "automatic"),
        ({"Precedence": "Bulk"}, "automatic"),
        ({"Precedence": "auto_reply"}, "automatic"),
        ({"X_Auto_Response_Suppress": "All"}, "automatic"),
        ({"X_Autoreply": "yes"}, "automatic"),
        ({"List_Id": "<lamps.example.com>"}, "list"),
        ({"Return_Path": "<>"}, "bounce"),
        ({"X_Supportdesk": "1"}, "our own"),
        ({"sender": "MAILER-DAEMON@example.com"}, "program"),
        ({"sender": "no-reply@example.com"}, "program"),
        ({"sender": "postmaster@example.com"}, "program"),
        ({"sender": "no-reply@shop.example"}, "our own"),
        ({"sender": "reply+abc@shop.example"}, "our own"),
    ],
)
def test_what_no_person_wrote_is_refused(headers: dict[str, str], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        refuse_programs(letter(**headers))


def test_a_bounce_is_refused() -> None:
    raw = f"From: {ANA}\nContent-Type: multipart/report; boundary=b\n\n--b\n\nfailed\n--b--\n".encode()
    with pytest.raises(Refused, match="bounce"):
        refuse_programs(mime.read(raw))


@pytest.mark.parametrize(
    "headers", [{}, {"Auto_Submitted": "no"}, {"Return_Path": f"<{ANA}>"}, {"Precedence": "normal"}]
)
def test_what_a_person_wrote_is_not(headers: dict[str, str]) -> None:
    refuse_programs(letter(**headers))


@pytest.mark.parametrize(
    ("sender", "email", "is_same"),
    [
        ("ana@example.com", "ana+shop@example.com", True),
        ("ana+shop@example.com", "ana@example.com", False),
        ("ana+other@example.com", "ana+shop@example.com", False),
        ("ana@xn--bcher-kva.example", "Ana@Bücher.example", True),
        ("ana@example.com", "ana@example.org", False),
        ("ana@" + "x" * 80 + ".example", "ana@" + "x" * 80 + ".example", True),
    ],
)
def test_one_box_has_several_spellings(sender: str, email: str, is_same: bool) -> None:
    assert is_same_box(sender, email) is is_same


def test_only_the_customer_writes_as_the_customer() -> None:
    refuse_strangers(letter("ANA@Example.com"), ANA, "")
    for sender in ("dan@example.com", "ana@example.com.evil.example", '"ana@example.com" <dan@example.com>'):
        with pytest.raises(Refused, match="customer's address"):
            refuse_strangers(letter(sender), ANA, "")


@pytest.mark.parametrize(
    "results",
    [
        "mx.shop.example; dmarc=pass header.from=example.com",
        "mx.shop.example; dkim=pass header.d=example.com; spf=fail",
        "mx.shop.example; spf=pass smtp.mailfrom=ana@example.com",
        "mx.shop.example 1; dkim=fail; spf=pass smtp.mailfrom=bounces@example.com",
    ],
)
def test_where_the_mail_server_judges_a_pass_is_enough(results: str) -> None:
    refuse_strangers(letter(Authentication_Results=results), ANA, "mx.shop.example")


@pytest.mark.parametrize(
    "results",
    [
        "",
        "mx.evil.example; dmarc=pass",
        "mx.shop.example; dmarc=fail; dkim=none; spf=softfail",
        "mx.shop.example; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=evil.example",
        "mx.shop.example; dmarc=pass header.from=evil.example",
        "mx.shop.example; dkim=pass header.d=com",
        "mx.shop.example; dkim=pass header.d=ample.com",
        "mx.shop.example.evil.example; dmarc=pass",
    ],
)
def test_where_the_mail_server_judges_anything_else_is_not(results: str) -> None:
    with pytest.raises(Refused, match="not confirmed"):
        refuse_strangers(letter(**({"Authentication_Results": results} if results else {})), ANA, "mx.shop.example")


def test_only_the_topmost_verdict_of_our_server_counts() -> None:
    raw = (
        f"Authentication-Results: mx.shop.example; dmarc=fail\nAuthentication-Results: mx.shop.example; dmarc=pass\n"
        f"From: {ANA}\n\nhi"
    )
    with pytest.raises(Refused, match="not confirmed"):
        refuse_strangers(mime.read(raw.encode()), ANA, "mx.shop.example")
