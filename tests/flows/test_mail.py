"""A code goes out by the outbox, and what cannot be delivered is known."""

from __future__ import annotations

from uuid import uuid4

import pytest

from chat.models import Customer
from flows import codes
from mail import outbox
from mail.models import Letter
from tests.postman import Postman

pytestmark = pytest.mark.django_db


def test_a_code_is_mailed_once_for_a_request_taken_twice(ana: Customer, postman: Postman) -> None:
    run_id = uuid4()
    for _ in range(2):
        codes.mail_code(customer=ana, email="ana@example.com", run_id=run_id, number=1, shop="Lumen & Oak")
        outbox.send_due()
    (letter,) = postman.letters
    assert letter.rcpt_tos == ["ana@example.com"]
    code = codes.code_of(codes.proof_id_of(run_id, 1))
    assert code in letter.content.decode()
    assert Letter.objects.get().body == ""


def test_a_name_of_a_shop_adds_no_header(ana: Customer) -> None:
    with pytest.raises(ValueError, match="line break"):
        codes.mail_code(customer=ana, email="ana@example.com", run_id=uuid4(), number=1, shop="x\nBcc: dan@example.com")
    assert not Letter.objects.exists()
