"""Any bytes at all are a letter or refused: bounded, and with nothing that PostgreSQL cannot keep."""

from __future__ import annotations

from contextlib import suppress
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.protocol import is_storable
from mail import mime
from mail.mime import Refused
from mail.plain import text_of_html
from mail.quoting import own_words


def message(text: str = "Hello", **headers: str) -> EmailMessage:
    made = EmailMessage()
    for name, value in {"From": "Ana <ana@example.com>", "To": "reply@shop.example", **headers}.items():
        made[name] = value
    made.set_content(text)
    return made


def test_plain_text_goes_before_html() -> None:
    made = message("Grüße\r\nAna")
    made.add_alternative("<p>Other</p>", subtype="html")
    read = mime.read(made.as_bytes())
    assert (read.sender, read.to, read.text.strip()) == ("ana@example.com", ("reply@shop.example",), "Grüße\nAna")
    assert not read.is_cut


def test_html_alone_becomes_text_without_what_is_not_seen_or_quoted() -> None:
    made = message()
    made.set_content(
        "<html><head><title>x</title><style>p{}</style></head><body><p>Yes&nbsp;&amp; no</p><script>evil()</script>"
        "<div>second<br>third</div><div class='gmail_quote'>On … wrote: old</div></body></html>",
        subtype="html",
    )
    assert mime.read(made.as_bytes()).text == "Yes & no\n\nsecond\nthird"


@pytest.mark.parametrize(
    ("disposition", "cid", "is_cut"), [("attachment", None, True), ("inline", None, True), ("inline", "<logo>", False)]
)
def test_files_are_left_out_but_a_logo_is_not_one(disposition: str, cid: str | None, is_cut: bool) -> None:
    made = message("See the picture")
    made.add_attachment(b"GIF89a", "image", "gif", disposition=disposition, filename="lamp.gif", cid=cid)
    read = mime.read(made.as_bytes())
    assert (read.text.strip(), read.is_cut) == ("See the picture", is_cut)


@pytest.mark.parametrize("charset", ["iso-8859-1", "no-such-charset", "utf-8", "base64", "idna"])
def test_any_charset_is_read_somehow(charset: str) -> None:
    raw = f"From: a@b.example\nContent-Type: text/plain; charset={charset}\n\n".encode() + "Grüße".encode("latin-1")
    assert is_storable(mime.read(raw).text)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "not one sender"),
        (b"From: a@b.example, c@d.example\n\nhi", "not one sender"),
        (b"From: a@b.example\nFrom: c@d.example\n\nhi", "not one sender"),
        (b"From: nobody\n\nhi", "not one sender"),
        (b"From: a@b.example\n" + b"Received: x\n" * 60 + b"\nhi", "too many hops"),
        (b"From: a@b.example\n" + b"Content-Type: multipart/mixed; boundary=b\n" * 70 + b"\nhi", "too many parts"),
    ],
)
def test_what_is_no_letter_is_refused(raw: bytes, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        mime.read(raw)


def nested(depth: int) -> bytes:
    head = b"From: a@b.example\n"
    for level in range(depth):
        head += b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (level, level)
    return head + b"Content-Type: text/plain\n\ndeep"


WORST = {
    "parameters": b'Content-Type: text/plain; "' + b";" * 900_000,
    "folded parameters": b'Content-Type: text/plain; "' + b"\n ;;;;;;" * 90_000,
    "punycode": b"Content-Type: text/plain; charset=punycode\n\n" + b"a" * 900_000,
    "comments": b"To: " + b"(" * 900_000,
    **{f"html {unit!r}": b"Content-Type: text/html\n\n" + unit * (900_000 // len(unit))
       for unit in (b"<!--", b"<!", b"<script></script", b"<a b='", b"</", b"<![CDATA[", b"<script>")},
}  # fmt: skip


@pytest.mark.parametrize("name", WORST)
def test_no_letter_takes_quadratic_time(name: str) -> None:
    """With the standard library alone each takes minutes, and the test its time-out."""
    with suppress(Refused):
        own_words(mime.read(b"From: a@b.example\n" + WORST[name]).text)


def test_html_that_is_broken_into_lines_is_not_broken_in_text() -> None:
    assert text_of_html("<p>one\ntwo</p>\n<!-- <p>no</p> --><TITLE>no</TITLE><p>three") == "one two\n\nthree"


def test_nesting_is_bounded() -> None:
    assert "deep" in mime.read(nested(20)).text
    with pytest.raises(Refused, match="too many parts"):
        mime.read(nested(5_000))


def test_a_huge_letter_is_read_as_far_as_its_words_go() -> None:
    made = message("The words")
    made.add_attachment(b"x" * 2_000_000, "application", "pdf", filename="big.pdf")
    read = mime.read(made.as_bytes())
    assert (read.text.strip(), read.is_cut) == ("The words", True)


def test_a_header_is_cut_and_has_no_line_breaks() -> None:
    read = mime.read(
        b"From: a@b.example\nMessage-ID: <" + b"x" * 90_000 + b">\nTo: " + b"a@b.example," * 9_000 + b"\n\nhi"
    )
    assert len(read.message_id) <= 200
    assert len(read.to) <= mime.ADDRESSES_MOST


def test_what_is_encoded_beside_an_address_is_not_one() -> None:
    read = mime.read(b"From: =?utf-8?q?Ana_=3Cana=40example.com=3E?= <dan@example.com>\n\nhi")
    assert read.sender == "dan@example.com"


def test_encoded_headers_are_read_and_broken_ones_kept() -> None:
    read = mime.read(b"From: =?utf-8?q?Gr=C3=BC=C3=9Fe?= <a@b.example>\nSubject: =?x?b?!!?=\n\nhi")
    assert read.sender == "a@b.example"
    assert "\n" not in read.headers.first("subject")


LINES = [
    b"From: a@b.example", b"From: <", b"To: ,,;:", b"Content-Type: multipart/mixed; boundary=b", b"Message-ID: <1>",
    b"Content-Type: text/html; charset=utf-7", b"Content-Transfer-Encoding: base64", b"--b", b"--b--", b"<p>hi<br",
    b"Content-Type: message/rfc822", b"Content-Type: multipart/alternative; boundary*0=b", b"=?utf-8?b?/w==?=",
    b"Content-Disposition: attachment; filename*=utf-8''%00", b"\x00\xff", b"Date: \xc3\x28", b"",
]  # fmt: skip


@settings(max_examples=300)
@given(st.lists(st.one_of(st.sampled_from(LINES), st.binary(max_size=40)), max_size=25))
def test_any_bytes_are_a_letter_or_refused(lines: list[bytes]) -> None:
    try:
        read = mime.read(b"\n".join(lines))
    except Refused:
        return
    assert is_storable(read.text + read.sender + read.message_id + "".join(read.to))
    assert is_storable(own_words(read.text))


@given(st.text(alphabet=st.sampled_from(list('<>/&;!-[]ap"= \n')), max_size=300))
def test_any_html_is_text(html: str) -> None:
    assert is_storable(text_of_html(html))
