"""What PostgreSQL keeps of conversations. One owner and one deadline per open conversation are constraints here.

Questions are methods; changes that others must know of are verbs in chat.actions; messages enter by chat.journal.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length

from agents.hours import Hours, readable
from agents.models import Agent, Team
from chat.lifecycle import OWNER, Owner, Reason, State
from chat.mailing import Mailing as Mailing
from chat.promises import Promise as Promise  # a model is found where the app's models are
from chat.promises import ReachAlert as ReachAlert
from supportdesk.clock import now
from supportdesk.ids import uuid7

models.CharField.register_lookup(Length)

WAITING = (State.QUEUED, State.OFFERED)
"""They have a place in the queue; an offer does not give it up."""
PRIORITY_S = 60
"""One point of priority counts as so many seconds of waiting: whoever came earlier by more goes first all the same."""
PLACE = f"timezone('UTC', timezone('UTC', waiting_since) - priority * interval '{PRIORITY_S} s')"
NEED = (
    "inbox_id::text || ' ' || priority::text || ' ' || units::text || ' ' || coalesce(need_team_id::text, '') || ' '"
    " || coalesce(need_agent_id::text, '') || ' ' || language || ' ' || hash_array_extended(need_skills, 0)::text"
)


def new_site_key() -> str:
    return "site_" + secrets.token_urlsafe(16)


VALUE_MOST = 100
VALUED_PRIORITY_MOST = 20
"""Below every topic that only people answer: nobody's money goes ahead of danger, death or fraud."""


def new_secret() -> str:
    return secrets.token_urlsafe(32)


class Inbox(models.Model):
    """A merchant's site: who may embed it, when people answer, and every deadline's length."""

    name = models.CharField(max_length=100)
    site_key = models.CharField(max_length=64, unique=True, default=new_site_key)
    allowed_origins = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    identity_secret = models.CharField(max_length=100, default=new_secret)
    locale = models.CharField(max_length=20, default="en")
    greeting = models.CharField(max_length=500, default="Hello! How can we help?")
    color = models.CharField(max_length=7, default="#1f6f5c")
    hours = models.JSONField(
        default=dict,
        blank=True,
        validators=[readable],
        help_text='{"tz": "Europe/Berlin", "mon": [["09:00", "17:00"]], "holidays": {"2026-12-25": []}}',
    )

    bot_turn_s = models.PositiveIntegerField(default=10, help_text="The bot answers or hands over within this time.")
    offer_s = models.PositiveIntegerField(default=30, help_text="An agent accepts within this time.")
    first_reply_s = models.PositiveIntegerField(default=120, help_text="An agent's first reply after accepting.")
    reply_s = models.PositiveIntegerField(default=300, help_text="An agent's later replies.")
    queue_s = models.PositiveIntegerField(default=180, help_text="A person within this time, or a promise.")
    reach_percent = models.PositiveSmallIntegerField(
        default=95, help_text="Of those who ask for a person in hours, so many in a hundred have one within `queue_s`."
    )
    relax_s = models.PositiveIntegerField(
        default=60,
        help_text="Waited so long, a skill's level counts no more; waited twice as long, the skill is only preferred.",
    )
    callback_s = models.PositiveIntegerField(
        default=3600, help_text="A callback is due this long after the promise, in hours."
    )
    idle_s = models.PositiveIntegerField(default=1800, help_text="Closed when the customer is silent this long.")
    reopen_s = models.PositiveIntegerField(
        default=3600, help_text="A message reopens a conversation closed less than this ago."
    )
    reopen_to = models.CharField(
        max_length=6, default="bot",
        choices=[("bot", "the bot"), ("person", "the person who had it, if there and free")],
        help_text="Who has a conversation that its customer reopens after a person had it.",
    )  # fmt: skip
    mail_after_s = models.PositiveIntegerField(
        default=180,
        help_text="A signed-in customer who is away so long gets what he has not read by e-mail. 0: only if he asks.",
    )
    mail_reopen_s = models.PositiveIntegerField(
        default=1_209_600, help_text="An answer by e-mail reopens its conversation if closed less than this ago."
    )
    support_floor = models.FloatField(default=0.5, help_text="Below this knowledge score the bot does not answer.")
    max_misses = models.PositiveSmallIntegerField(default=2, help_text="This many misses in a row hand over.")
    valued_from = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Customers worth so much to the merchant go ahead of others; null: nobody."
    )
    valued_priority = models.PositiveSmallIntegerField(default=10, help_text="How far ahead; never of danger or fraud.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valued_from=None) | Q(valued_from__range=(1, VALUE_MOST)),
                name="inbox_valued_from_is_a_value",
            ),
            models.CheckConstraint(
                condition=Q(valued_priority__range=(1, VALUED_PRIORITY_MOST)), name="inbox_valued_priority_is_bounded"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def opening(self) -> Hours:
        return Hours.read(self.hours)

    def priority_of(self, customer: Customer) -> int:
        """What the customer's value alone is worth in the queue."""
        is_valued = self.valued_from is not None and (customer.value or 0) >= self.valued_from
        return self.valued_priority if is_valued else 0


class Customer(models.Model):
    """Anonymous, or verified by the merchant's signed identity (then `external_id` is the merchant's own)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="customers")
    external_id = models.CharField(max_length=200, null=True, blank=True)
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    verified = models.BooleanField(default=False)
    value = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="What he is worth to the merchant, 0 to 100, as the merchant has signed it."
    )
    locale = models.CharField(max_length=20, blank=True)
    page = models.CharField(max_length=2000, blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inbox", "external_id"], name="customer_known_once"),
            models.CheckConstraint(
                condition=Q(verified=False) | Q(external_id__isnull=False), name="customer_verified_has_id"
            ),
            models.CheckConstraint(
                condition=Q(value=None) | Q(verified=True, value__range=(0, VALUE_MOST)),
                name="customer_value_is_signed",
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"Visitor {str(self.id)[-4:]}"


class CustomerSession(models.Model):
    """A browser's right to speak as a customer. Only the SHA-256 of its token is stored."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="sessions")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def open(self) -> ConversationQuerySet:
        return self.exclude(state=State.CLOSED)

    def overdue(self, moment: datetime) -> ConversationQuerySet:
        """Open and past the deadline: the sweeper's work, most overdue first."""
        return self.open().filter(deadline__lt=moment).order_by("deadline")

    def unrouted(self) -> ConversationQuerySet:
        """With the bot, a customer's message waits for routing."""
        return self.filter(state=State.BOT, to_route_seq__gt=models.F("routed_seq"))


class Conversation(models.Model):
    """Locked first (before Agent). `version` counts its transitions; `last_seq` its messages."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="conversations")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="conversations")
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in State], default=State.BOT)
    owner = models.CharField(max_length=10, choices=[(o.value, o.value) for o in Owner], null=True, default=Owner.BOT)
    deadline = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, related_name="conversations")

    last_seq = models.PositiveIntegerField(default=0)
    to_route_seq = models.PositiveIntegerField(default=0, help_text="Routing outbox: the newest message to route.")
    to_route_since = models.DateTimeField(null=True)
    routed_seq = models.PositiveIntegerField(default=0)
    routing_until = models.DateTimeField(null=True, help_text="A worker thinks about its turn; a claim that runs out.")
    misses = models.PositiveSmallIntegerField(default=0, help_text="Bot turns in a row without an answer.")
    unanswered = models.BooleanField(default=False, help_text="The customer wrote last.")
    replied = models.BooleanField(default=False, help_text="The agent has written since taking it.")
    customer_read_seq = models.PositiveIntegerField(default=0)
    agent_read_seq = models.PositiveIntegerField(default=0)

    waiting_since = models.DateTimeField(null=True, help_text="Its place in the queue; kept when requeued.")
    priority = models.SmallIntegerField(default=0)
    waits_told = models.PositiveSmallIntegerField(default=0, help_text="Queue deadlines passed in this wait.")
    beside = ArrayField(
        models.BigIntegerField(), default=list, blank=True,
        help_text="Supervisors who take part: they may write beside the assignee.",
    )  # fmt: skip
    passed_by = ArrayField(
        models.BigIntegerField(), default=list, blank=True, help_text="Agents who passed in this wait."
    )
    units = models.PositiveSmallIntegerField(default=1, help_text="How much of an agent's capacity it takes.")
    need_skills = ArrayField(
        models.CharField(max_length=62), default=list, blank=True, help_text="`fraud`, or `fraud:4` for a level."
    )
    preferred_skills = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    need_since = models.DateTimeField(
        null=True, help_text="What it needs was changed by a transfer; else since `waiting_since`."
    )
    preferred_agent = models.ForeignKey(
        Agent, on_delete=models.SET_NULL, null=True, related_name="+",
        help_text="Had this customer last: goes before others, if he is there and free.",
    )  # fmt: skip
    need_team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, related_name="+")
    need_agent = models.ForeignKey(
        Agent,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="Transferred to this agent: offered first.",
    )
    place_at = models.GeneratedField(
        expression=models.Func(template=PLACE, output_field=models.DateTimeField()),
        output_field=models.DateTimeField(null=True),
        db_persist=True,
        help_text="The order of the queue, earliest first: when it began to wait, moved forward by its priority.",
    )
    need_key = models.GeneratedField(
        expression=models.Func(template=NEED, output_field=models.TextField()),
        output_field=models.TextField(),
        db_persist=True,
        help_text="Equal for those who need the same: while one of them must wait, so must those behind.",
    )
    intent = models.CharField(max_length=60, blank=True, help_text="The latest that routing recognised.")
    intent_confidence = models.FloatField(null=True)
    frustration = models.FloatField(default=0)
    callback_due = models.DateTimeField(null=True)
    language = models.CharField(max_length=12, default="en")
    collected = models.JSONField(default=dict, blank=True, help_text="What a flow has learnt so far, for the handoff.")

    opened_at = models.DateTimeField(default=now)
    last_message_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="conversation_state_has_its_owner",
                condition=Q(state=State.CLOSED, owner__isnull=True)
                | Q(
                    Q(*(Q(state=s, owner=o) for s, o in OWNER.items() if o), _connector=Q.OR),
                    owner__isnull=False,  # a comparison with NULL is not false, and a CHECK lets it pass
                ),
            ),
            models.CheckConstraint(
                name="conversation_open_has_a_deadline",
                condition=Q(state=State.CLOSED, deadline__isnull=True, closed_at__isnull=False)
                | (~Q(state=State.CLOSED) & Q(deadline__isnull=False, closed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="conversation_agent_while_assigned",
                condition=Q(state=State.ASSIGNED, agent__isnull=False)
                | (Q(agent__isnull=True) & ~Q(state=State.ASSIGNED)),
            ),
            models.CheckConstraint(
                name="conversation_beside_an_assignee", condition=Q(state=State.ASSIGNED) | Q(beside=[])
            ),
            models.CheckConstraint(
                name="conversation_place_while_waiting",
                condition=~Q(state__in=[State.QUEUED, State.OFFERED]) | Q(waiting_since__isnull=False),
            ),
            models.CheckConstraint(
                name="conversation_callback_is_dated",
                condition=~Q(state=State.CALLBACK) | Q(callback_due__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["customer"], condition=~Q(state=State.CLOSED), name="conversation_one_open_per_customer"
            ),
        ]
        indexes = [
            models.Index(fields=["deadline"], condition=~Q(state=State.CLOSED), name="conversation_deadline"),
            models.Index(
                fields=["to_route_since"],
                condition=Q(state=State.BOT, to_route_seq__gt=models.F("routed_seq")),
                name="conversation_to_route",
            ),
            models.Index(
                fields=["need_key", "place_at", "id"], condition=Q(state=State.QUEUED), name="conversation_heads"
            ),
            models.Index(fields=["place_at", "id"], condition=Q(state__in=WAITING), name="conversation_places"),
            # Nothing that every message changes is indexed: its update then touches one page and no index (HOT).
            models.Index(fields=["agent"], condition=Q(state=State.ASSIGNED), name="conversation_mine"),
            models.Index(fields=["-closed_at", "-id"], condition=Q(state=State.CLOSED), name="conversation_closed"),
            models.Index(fields=["customer", "-opened_at"], name="conversation_of_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"

    def openings(self) -> list[Hours]:
        """The inbox's hours, and those of the team it needs: people answer while all are open."""
        return [self.inbox.opening(), *([self.need_team.opening()] if self.need_team else [])]

    def can_reopen(self, moment: datetime) -> bool:
        return self.closed_at is not None and self.closed_at > moment - timedelta(seconds=self.inbox.reopen_s)

    def current_handoff(self) -> HandoffPacket | None:
        """The latest packet; None while only the bot has had it."""
        return self.handoffs.order_by("-id").first()

    def live_offer(self) -> Offer | None:
        return self.offers.filter(outcome__isnull=True).select_related("agent").first()


class Message(models.Model):
    """One entry of the timeline, never changed. `seq` has no gaps; `client_id` makes sending it again harmless."""

    class Author(models.TextChoices):
        CUSTOMER = "customer"
        BOT = "bot"
        AGENT = "agent"
        SYSTEM = "system"

    # The journal stores a message only under its conversation's lock, so that PostgreSQL need not look it up again.
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages", db_constraint=False, db_index=False
    )
    seq = models.PositiveIntegerField()
    pk = models.CompositePrimaryKey("conversation_id", "seq")
    author_kind = models.CharField(max_length=10, choices=Author)
    author_id = models.CharField(max_length=40, null=True)
    author_name = models.CharField(max_length=200, default="")
    client_id = models.CharField(max_length=64)
    text = models.TextField()
    notice = models.CharField(max_length=40, null=True)
    sources = models.JSONField(default=list)
    posted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "author_kind", "client_id"], name="message_client_id_once"),
            models.CheckConstraint(condition=Q(seq__gt=0), name="message_seq_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}#{self.seq} {self.author_kind}"


class Note(models.Model):
    """Seen by agents only; stands after message `after_seq`, outside the customer's seq."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="notes")
    after_seq = models.PositiveIntegerField()
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="notes")
    client_id = models.CharField(max_length=64)
    text = models.TextField()
    is_whisper = models.BooleanField(default=False, help_text="Meant for the assignee, while he talks.")
    posted_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "client_id"], name="note_client_id_once")]


class Event(models.Model):
    """Who did what, when and why: one row a transition, never changed. `versions`: policy and model that decided."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="events")
    version = models.PositiveIntegerField(help_text="The conversation's version after it.")
    trigger = models.CharField(max_length=20)
    from_state = models.CharField(max_length=10)
    to_state = models.CharField(max_length=10)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=40, null=True)
    why = models.CharField(max_length=500, blank=True)
    versions = models.JSONField(default=dict)
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "version"], name="event_one_per_version")]


class HandoffPacket(models.Model):
    """What a person needs to go on where the bot stopped. `packet`: chat.handoff.Packet, with its own version."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="handoffs")
    reason = models.CharField(max_length=12, choices=[(r.value, r.value) for r in Reason])
    why = models.CharField(max_length=500)
    packet = models.JSONField()
    packet_version = models.PositiveSmallIntegerField(default=1)
    requested_at = models.DateTimeField(default=now)
    version = models.PositiveIntegerField(null=True, help_text="The conversation's after it: which event it is.")
    target_s = models.PositiveIntegerField(
        null=True, help_text="A person within this time was the target then; null: asked for outside the hours."
    )
    target_percent = models.PositiveSmallIntegerField(null=True, help_text="For so many in a hundred.")
    score = models.CharField(max_length=10, null=True, choices=[(s, s) for s in ("right", "too_late", "needless")])
    scored_by = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, related_name="scored_handoffs")

    class Meta:
        indexes = [
            models.Index(fields=["conversation", "-id"], name="handoff_latest"),
            models.Index(fields=["requested_at"], name="handoff_requested"),
        ]


class Offer(models.Model):
    """A conversation shown to one agent for a while. At most one is live per conversation."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted"
        DECLINED = "declined"
        EXPIRED = "expired"
        CANCELLED = "cancelled"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="offers")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="offers")
    why = models.CharField(max_length=500, help_text="Why this agent.")
    offered_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome, null=True)
    outcome_at = models.DateTimeField(null=True)
    outcome_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(outcome__isnull=True), name="offer_one_live_per_conversation"
            ),
            models.CheckConstraint(
                condition=Q(outcome__isnull=True, outcome_at__isnull=True)
                | Q(outcome__isnull=False, outcome_at__isnull=False),
                name="offer_outcome_is_dated",
            ),
        ]
        indexes = [models.Index(fields=["agent"], condition=Q(outcome__isnull=True), name="offer_live_of_agent")]


class Rating(models.Model):
    """The customer's word on a conversation; a second one replaces the first."""

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="rating")
    score = models.PositiveSmallIntegerField()
    comment = models.CharField(max_length=1000, blank=True)
    rated_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="rating_one_to_five")]
