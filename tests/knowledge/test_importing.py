"""Articles from a folder, a CSV and the web; run again, only what changed is a new version."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from chat.models import Inbox
from knowledge import importing
from knowledge.models import Article
from knowledge.search import search
from tests.peers import Peer, drips

pytestmark = pytest.mark.django_db

PAGE = b"""<html><head><title>Shop</title><style>p{}</style></head><body><nav>Home</nav><h1>Our  hours</h1>
<h2>When we are open</h2>
<p>From nine to <b>five</b>.</p><ul><li>Not on Sunday</li></ul><script>alert(1)</script></body>"""


def run(inbox: Inbox, source: object, *words: str) -> str:
    out = StringIO()
    call_command("import_articles", str(source), "--inbox", inbox.site_key, *words, stdout=out)
    return out.getvalue()


def test_a_folder_is_imported_once_and_updated_after(inbox: Inbox, tmp_path: Path) -> None:
    (tmp_path / "hours.md").write_text("# Our hours\n## When we are open\nFrom nine to five.")
    assert "hours: published, version 1" in run(inbox, tmp_path, "--publish")
    assert "version 1" in run(inbox, tmp_path, "--publish")
    (tmp_path / "hours.md").write_text("# Our hours\n## When we are open\nFrom ten to six.")
    assert "version 2" in run(inbox, tmp_path)
    assert search(inbox.pk, "when are you open", "en")[0].text == "From ten to six."


def test_a_csv_is_imported_as_drafts(inbox: Inbox, tmp_path: Path) -> None:
    file = tmp_path / "faq.csv"
    file.write_text("title,body,language\nVersand,Zwei Tage.,de\nHours,Nine to five.,\n")
    run(inbox, file)
    assert set(Article.objects.values_list("slug", "language", "status")) == {
        ("versand", "de", "draft"),
        ("hours", "en", "draft"),
    }


def test_a_bad_row_is_named_and_nothing_is_imported(inbox: Inbox, tmp_path: Path) -> None:
    file = tmp_path / "faq.csv"
    file.write_text("title,body\nHours,Nine to five.\nEmpty,\n")
    with pytest.raises(CommandError, match="row 3: title or body is empty"):
        run(inbox, file)
    assert not Article.objects.exists()


def test_a_page_is_imported_without_its_scripts_and_menus(inbox: Inbox, peer: Peer) -> None:
    def page(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html; charset=utf-8")
        handler.end_headers()
        handler.wfile.write(PAGE)

    peer.gives(page)
    draft = importing.from_url(f"{peer.url}/hours.html")
    assert draft.title == "Our hours"
    assert draft.body == "## When we are open\n\nFrom nine to five.\n\n- Not on Sunday"
    assert draft.slug == "hours"


def test_pages_inside_the_network_or_without_end_are_refused(
    inbox: Inbox, peer: Peer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "PAGE_S", 0.4)
    peer.gives(drips)
    with pytest.raises(importing.BadSource, match="no answer within"):
        importing.from_url(peer.url)
    settings.PRIVATE_PEERS = set()
    with pytest.raises(importing.BadSource, match="private network"):
        importing.from_url(peer.url)
