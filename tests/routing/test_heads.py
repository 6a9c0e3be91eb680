"""The order of a walk is the order of the places, however PostgreSQL comes by the rows."""

from __future__ import annotations

import pytest
from django.db import connection

from chat.models import Inbox
from routing.heads import FIRST, Line
from tests.floor import waits

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("off", [(), ("enable_nestloop",), ("enable_indexscan", "enable_bitmapscan")])
def test_whoever_has_waited_longest_is_first_whatever_the_plan(inbox: Inbox, off: tuple[str, ...]) -> None:
    order = [waits(inbox, since_s=1000 - n) for n in (5, 2, 7, 1, 3)]
    with connection.cursor() as cursor:
        for setting in off:
            cursor.execute(f"SET LOCAL {setting} = off")
        cursor.execute("DISCARD PLANS")
    line = Line()
    walked = [line.next() for _ in range(FIRST)]
    longest = sorted(order, key=lambda row: row.waiting_since or row.opened_at)[:FIRST]
    assert [each.id for each in walked if each is not None] == [row.id for row in longest]
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")
