"""Why each turn went to the bot or to people, what a merchant says about single intents, and what is learned from."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models

from agents.models import Agent, Team
from chat.models import Conversation, Inbox, new_secret
from supportdesk.clock import now


class Decision(models.Model):
    """One row a routed turn (the customer's messages up to `upto_seq`), never changed."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="decisions")
    upto_seq = models.PositiveIntegerField()
    signals = models.JSONField()
    policy = models.JSONField(default=dict, help_text="What the shop had set, as far as it bears on this turn.")
    route = models.CharField(max_length=5, choices=[("bot", "bot"), ("human", "human")])
    rule = models.CharField(max_length=40, help_text="The row of routing.policy.RULES that decided.")
    reason = models.CharField(max_length=12, blank=True, help_text="chat.lifecycle.Reason of a handoff, else empty.")
    why = models.CharField(max_length=500)
    policy_version = models.CharField(max_length=40)
    model_version = models.CharField(max_length=80)
    decided_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "upto_seq"], name="decision_once_per_turn"),
            models.CheckConstraint(
                condition=models.Q(route="bot", reason="") | (models.Q(route="human") & ~models.Q(reason="")),
                name="decision_handoff_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}#{self.upto_seq} {self.route}: {self.rule}"


class Settled(models.Model):
    """A question without an answer that somebody has seen to: it leaves the to-do list."""

    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="settled")
    at = models.DateTimeField(default=now)


class BotBrain(models.Model):
    """Who words an inbox's answers, where it is not the articles themselves. The model's key is LLM_API_KEY's."""

    class Kind(models.TextChoices):
        LLM = "llm", "a language model (OpenAI-compatible)"
        WEBHOOK = "webhook", "a bot of the merchant's own"

    inbox = models.OneToOneField(Inbox, on_delete=models.CASCADE, related_name="brain")
    kind = models.CharField(max_length=10, choices=Kind)
    url = models.CharField(max_length=500, help_text="Of the model's API (…/v1), or of the bot.")
    model = models.CharField(max_length=100, blank=True)
    secret = models.CharField(max_length=100, default=new_secret, help_text="Signs each call to the bot.")
    tokens_a_day = models.PositiveIntegerField(default=2_000_000, help_text="A model's budget; then people answer.")
    price_asked = models.DecimalField(
        max_digits=12, decimal_places=6, default=Decimal(0), help_text="Of a million tokens that the model reads."
    )
    price_answered = models.DecimalField(
        max_digits=12, decimal_places=6, default=Decimal(0), help_text="Of a million tokens that it writes."
    )
    money_a_day = models.DecimalField(
        max_digits=12, decimal_places=4, null=True, blank=True,
        help_text="What it may cost in a day, in the currency of the prices.",
    )  # fmt: skip
    money_a_conversation = models.DecimalField(
        max_digits=12, decimal_places=4, null=True, blank=True,
        help_text="And on one conversation; null: no ceiling.",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(price_asked__gt=0, price_answered__gt=0)
                | models.Q(money_a_day=None, money_a_conversation=None),
                name="brain_ceiling_needs_prices",
            ),
            models.CheckConstraint(
                condition=models.Q(price_asked__gte=0, price_answered__gte=0), name="brain_prices_are_no_gift"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.model}".strip()


class BrainDay(models.Model):
    """What an inbox's model has used on one day (UTC), answers under way included (routing.brains.budget)."""

    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="brain_days")
    day = models.DateField()
    tokens = models.BigIntegerField(default=0)
    money = models.DecimalField(max_digits=20, decimal_places=9, default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inbox", "day"], name="brain_day_once")]

    def __str__(self) -> str:
        return f"{self.day}: {self.money} for {self.tokens} tokens"


class BrainConversation(models.Model):
    """What a conversation has cost, the same way."""

    conversation = models.OneToOneField(
        Conversation, on_delete=models.CASCADE, primary_key=True, related_name="brain_cost"
    )
    money = models.DecimalField(max_digits=20, decimal_places=9, default=0)

    def __str__(self) -> str:
        return f"{self.conversation_id}: {self.money}"


class IntentPolicy(models.Model):
    """What an inbox wants for one intent: kept for people or not, and who should have it when it is handed over."""

    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="intent_policies")
    intent = models.CharField(max_length=60)
    people_only = models.BooleanField(default=False)
    skills = ArrayField(
        models.CharField(max_length=62), default=list, blank=True, help_text="`fraud`, or `fraud:4` for a level."
    )
    preferred_skills = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    units = models.PositiveSmallIntegerField(default=1, help_text="How much of an agent's capacity it takes.")
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    priority = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inbox", "intent"], name="intent_policy_once")]

    def __str__(self) -> str:
        return self.intent


class RiskLimit(models.Model):
    """What an operator allows to go wrong: a row each time it was set, never changed; the newest counts."""

    class Kind(models.TextChoices):
        WRONG = "wrong", "of what the bot answers, wrong"
        MISSED_REQUESTS = "missed_requests", "of requests for a person, missed"

    kind = models.CharField(max_length=20, choices=Kind, default=Kind.WRONG)
    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="risk_limits")
    intent = models.CharField(max_length=60, blank=True, help_text="Empty: every intent without a limit of its own.")
    most_wrong = models.FloatField(null=True, help_text="The share; null takes the limit away.")
    confidence = models.FloatField(default=0.95)
    by = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        indexes = [models.Index(fields=["inbox", "kind", "intent", "-id"], name="risk_limit_newest")]

    def __str__(self) -> str:
        return f"{self.kind}, {self.intent or 'every intent'}: {self.most_wrong}"


class TopicRules(models.Model):
    """What the desk has changed in the rules of human-only topics: a row a save, never changed; the newest counts."""

    content = models.JSONField(help_text="By topic, what differs from the shipped rules: routing.rulebook.Change.")
    after = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=200, help_text="What this version changed, in words.")
    by = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            # of two that save at once, one is second to nothing and loses
            models.UniqueConstraint(fields=["after"], nulls_distinct=False, name="topic_rules_one_after_another")
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.what}"


class GoldenQuestion(models.Model):
    """What a customer may ask, and what must become of it (routing.golden)."""

    class Expects(models.TextChoices):
        ARTICLE = "article"
        FLOW = "flow"
        PERSON = "person"

    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="golden_questions")
    question = models.CharField(max_length=2000)
    expects = models.CharField(max_length=10, choices=Expects)
    target = models.CharField(max_length=100, blank=True, help_text="Slug, intent or reason; empty: any.")
    added_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inbox", "question"], name="golden_question_once")]

    def __str__(self) -> str:
        return self.question

    def expected(self) -> str:
        return f"{self.expects} {self.target}".strip()


class GoldenRun(models.Model):
    """Golden questions asked once in a worker, by the live version or a candidate beside it (routing.golden_runs)."""

    version = models.ForeignKey("ModelVersion", on_delete=models.CASCADE, null=True, related_name="+")
    live = models.ForeignKey(
        "ModelVersion", on_delete=models.SET_NULL, null=True, related_name="+", help_text="What read at that moment."
    )
    asked_at = models.DateTimeField(default=now)
    begun_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    judged = models.JSONField(default=list, help_text="A row each: question, expected, got, before, passed, worse.")
    problem = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"golden run {self.pk}"

    def worse(self) -> list[str]:
        """Questions that the candidate gets wrong and the live version right."""
        return [each["question"] for each in self.judged if each["worse"]]


class Example(models.Model):
    """A text and the intent it has, from the desk's own people: written for the purpose, or correcting a reading."""

    OUTSIDE = "oos"
    """The intent of a text that the bot has no answer for."""
    PERSON = "person"
    """Of one that asks for a person."""
    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, null=True, related_name="+", help_text="Null: all.")
    intent = models.CharField(max_length=60)
    text = models.CharField(max_length=2000)
    text_hash = models.CharField(max_length=64, help_text="sha256 of the folded text: one intent each.")
    corrects = models.ForeignKey(
        Decision, on_delete=models.SET_NULL, null=True, related_name="corrections", help_text="What was read wrongly."
    )
    added_by = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inbox", "text_hash"], nulls_distinct=False, name="example_once")
        ]

    def __str__(self) -> str:
        return f"{self.intent}: {self.text[:60]}"


class ModelVersion(models.Model):
    """A trained reader of intents, never changed. `content`: routing.learning.stored, of which `sha256`."""

    name = models.CharField(max_length=40, unique=True)
    encoder = models.CharField(max_length=120, blank=True, help_text="Whose vectors it reads; empty: words alone.")
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    learned_from = models.JSONField(help_text="How many examples of each source.")
    requests = models.BinaryField(null=True, help_text="Reads wishes for a person: routing.learning.wishes.")
    held_out = models.JSONField(default=dict, help_text="How sure it was of what it had not seen: routing.limits.")
    metrics = models.JSONField(help_text="From cross-validation, each {value, low, high}.")
    made_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.name


class Training(models.Model):
    """A training that somebody asked for in the console, done by a process of its own (routing.trainings)."""

    asked_at = models.DateTimeField(default=now)
    begun_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True, help_text="The last sign of life of the process that trains.")
    done_at = models.DateTimeField(null=True)
    lines = models.JSONField(default=list, help_text="What it has told of its progress, the latest last.")
    problem = models.TextField(blank=True)
    version = models.ForeignKey(ModelVersion, on_delete=models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"training {self.pk}"


class Promotion(models.Model):
    """Which model reads from now on: the newest row. A null version is the reader made of the shipped examples."""

    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, null=True, related_name="promotions")
    after = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    back_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", help_text="What a rollback makes live again."
    )
    by = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            # of two that promote at once, one is second to nothing and loses
            models.UniqueConstraint(fields=["after"], nulls_distinct=False, name="promotion_one_after_another")
        ]

    def __str__(self) -> str:
        return str(self.version or "shipped")
