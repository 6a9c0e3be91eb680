"""Articles from elsewhere: a folder of Markdown, a CSV, a page of the web. What is there already is saved anew."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.text import slugify

from knowledge import actions
from knowledge.models import Article
from supportdesk import outward

BODY_CHARS = 100_000
PAGE_BYTES = 2_097_152
PAGE_S = 15.0
ROWS_MOST = 10_000


class BadSource(Exception):
    """What cannot be imported, and why, with its file or line."""


@dataclass(frozen=True, slots=True)
class Draft:
    title: str
    body: str
    slug: str
    language: str = "en"


def from_folder(folder: Path, language: str = "en") -> Iterator[Draft]:
    """Each *.md: its first line is the title."""
    files = sorted(folder.rglob("*.md"))
    if not files:
        raise BadSource(f"{folder}: no *.md file in it")
    for path in files:
        try:
            yield _markdown(path.read_text(encoding="utf-8"), path.stem, language, str(path))
        except UnicodeDecodeError:
            raise BadSource(f"{path}: not UTF-8") from None


def from_csv(path: Path, language: str = "en") -> Iterator[Draft]:
    """Columns title and body, optionally slug and language."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if not {"title", "body"} <= set(rows.fieldnames or ()):
            raise BadSource(f"{path}: needs the columns title and body")
        for number, row in enumerate(rows, 2):
            if number > ROWS_MOST + 1:
                raise BadSource(f"{path}: more than {ROWS_MOST} rows")
            title, body = (row.get("title") or "").strip(), (row.get("body") or "").strip()
            if not title or not body:
                raise BadSource(f"{path}, row {number}: title or body is empty")
            slug = slugify(row.get("slug") or title)
            yield _bounded(Draft(title, body, slug, (row.get("language") or "").strip() or language), f"row {number}")


def from_url(url: str, language: str = "en") -> Draft:
    """One page, HTML or Markdown. Addresses inside the desk's network are refused."""
    try:
        answer = outward.call("GET", url, within_s=PAGE_S, most_bytes=PAGE_BYTES)
    except (outward.NotAllowed, outward.NoAnswer) as problem:
        raise BadSource(f"{url}: {problem}") from None
    if answer.status != 200:
        raise BadSource(f"{url}: answered {answer.status}")
    text = answer.body.decode("utf-8", "replace").replace("\x00", "")
    name = slugify(Path(urlsplit(url).path).stem) or "page"
    if "html" not in answer.headers.get("content-type", ""):
        return _markdown(text, name, language, url)
    page = Page()
    page.feed(text)
    return _bounded(Draft(page.title or name, page.markdown(), name, language), url)


def save(inbox_id: int, draft: Draft, *, publish: bool = False) -> Article:
    """A new article, or a new version of the one with this slug; unchanged text is no new version."""
    before = Article.objects.filter(inbox_id=inbox_id, slug=draft.slug).first()
    if before is not None and (before.title, before.body, before.language) == (draft.title, draft.body, draft.language):
        article = before
    else:
        article = actions.save_article(
            inbox_id=inbox_id, title=draft.title, body=draft.body, slug=draft.slug, language=draft.language,
            article_id=before.pk if before else None,
        )  # fmt: skip
    return actions.publish(article_id=article.pk) if publish else article


def _markdown(text: str, name: str, language: str, where: str) -> Draft:
    first, _, rest = text.strip().partition("\n")
    if first.startswith("# "):
        return _bounded(Draft(first.removeprefix("# ").strip(), rest.strip(), slugify(name), language), where)
    return _bounded(Draft(name, text.strip(), slugify(name), language), where)


def _bounded(draft: Draft, where: str) -> Draft:
    if not draft.body.strip() or "\x00" in draft.body + draft.title:
        raise BadSource(f"{where}: no text in it")
    if len(draft.body) > BODY_CHARS:
        raise BadSource(f"{where}: longer than {BODY_CHARS:,} characters")
    return Draft(draft.title[:200], draft.body, draft.slug[:120] or "article", draft.language[:12])


class Page(HTMLParser):
    """Headings, paragraphs and list items of a page as Markdown; scripts, menus and frames are left."""

    LEFT = {"script", "style", "nav", "header", "footer", "aside", "form", "noscript", "template", "svg", "iframe"}
    BLOCKS = {"h1": "# ", "h2": "## ", "h3": "### ", "h4": "#### ", "p": "", "li": "- ", "td": "", "th": "", "pre": ""}

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self._blocks: list[str] = []
        self._mark, self._text, self._left, self._in_title = "", "", 0, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._left += tag in self.LEFT
        self._in_title = tag == "title"
        if tag in self.BLOCKS:
            self._close()
            self._mark = self.BLOCKS[tag]

    def handle_endtag(self, tag: str) -> None:
        if tag in self.BLOCKS:
            self._close()
        self._left = max(0, self._left - (tag in self.LEFT))
        self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title = " ".join(f"{self.title} {data}".split())[:200]
        elif not self._left:
            self._text += data

    def markdown(self) -> str:
        self._close()
        return "\n\n".join(self._blocks)

    def _close(self) -> None:
        text = " ".join(self._text.split())
        if text and self._mark == "# ":
            self.title = text[:200]
        elif text:
            self._blocks.append(self._mark + text)
        self._mark, self._text = "", ""
