"""`manage.py load_demo`: a small lamp and furniture shop with articles and three agents. Loading twice changes nothing.

Only a demo desk may run it: the agents' password is public.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand
from django.db import transaction

from agents.models import Agent, Role, Skill, Team
from chat.models import Inbox
from demoshop import rows
from flows import demo as flows
from knowledge import actions
from knowledge.models import Article
from routing.models import IntentPolicy
from supportdesk.demo import DEMO_AGENTS, DEMO_PASSWORD, DEMO_SITE_KEY, DEMO_SUPERVISOR

ARTICLES = Path(__file__).resolve().parents[3] / "knowledge" / "demo"
DEMO_FLOOR = 0.5
"""Chosen on the `fit` half of the demo's questions: as many right answers as at 0.42, fewer to what has none."""
TEAMS = ("Support", "Payments")
SKILLS: dict[str, tuple[str, ...]] = {
    "bob": ("returns", "payments"),
    "carol": ("returns", "fraud"),
    "sam": ("returns", "payments", "fraud"),
}
INTENTS: tuple[tuple[str, bool, tuple[str, ...]], ...] = (
    # (intent, kept for people, skills)
    ("complaint", True, ()),
    ("payment_problem", True, ("payments",)),
    ("refund_status", False, ("payments",)),
    ("return_item", False, ("returns",)),
    ("exchange_item", False, ("returns",)),
)


class Command(BaseCommand):
    help = "Loads the demo shop: an inbox, help articles, teams and agents. Not for a desk with real customers."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        inbox = load_inbox()
        written = load_articles(inbox)
        load_people()
        load_intents(inbox)
        rows.load(flows.load(inbox))
        self.stdout.write(
            f"Demo shop {inbox.name}: {Article.objects.filter(inbox=inbox).count()} articles ({written} written)."
        )


def load_inbox() -> Inbox:
    inbox, _ = Inbox.objects.update_or_create(
        site_key=DEMO_SITE_KEY,
        defaults={
            "allowed_origins": sorted(
                {settings.PUBLIC_URL, f"http://localhost:{settings.PORT}", f"http://127.0.0.1:{settings.PORT}"}
            )
        },
        create_defaults={
            "name": "Lumen & Oak",
            "support_floor": DEMO_FLOOR,
            "greeting": "Hello! Ask me about orders, delivery, returns or our lamps.",
            "allowed_origins": [
                settings.PUBLIC_URL, f"http://localhost:{settings.PORT}", f"http://127.0.0.1:{settings.PORT}",
            ],
        },
    )  # fmt: skip
    return inbox


def load_articles(inbox: Inbox) -> int:
    """Writes those that are not there yet, so that what somebody has edited stays. Returns how many."""
    there = set(Article.objects.filter(inbox=inbox).values_list("slug", flat=True))
    missing = [path for path in sorted(ARTICLES.rglob("*.md")) if path.stem not in there]
    for path in missing:
        title, _, body = path.read_text(encoding="utf-8").partition("\n")
        article = actions.save_article(
            inbox_id=inbox.pk, title=title.removeprefix("# "), body=body.strip(), slug=path.stem,
            language="en" if path.parent == ARTICLES else path.parent.name,
        )  # fmt: skip
        actions.publish(article_id=article.pk)
    return len(missing)


def load_people() -> None:
    teams = [Team.objects.get_or_create(name=name)[0] for name in TEAMS]
    for name in (*DEMO_AGENTS, DEMO_SUPERVISOR):
        if User.objects.filter(username=name).exists():
            continue
        user = User.objects.create_user(username=name, password=DEMO_PASSWORD)
        role = Role.SUPERVISOR if name == DEMO_SUPERVISOR else Role.AGENT
        agent = Agent.objects.create(user=user, name=name.title(), role=role, languages=["en", "de"])
        agent.teams.set(teams)
        agent.skills.set([Skill.objects.get_or_create(name=skill)[0] for skill in SKILLS.get(name, ())])


def load_intents(inbox: Inbox) -> None:
    for intent, people_only, skills in INTENTS:
        IntentPolicy.objects.get_or_create(
            inbox=inbox, intent=intent, defaults={"people_only": people_only, "skills": list(skills)}
        )
