"""The outbox: a letter is a row of the transaction that causes it, and is sent from there."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from supportdesk.clock import now


class LetterQuerySet(models.QuerySet["Letter"]):
    def due_by(self, moment: datetime) -> LetterQuerySet:
        return self.filter(state=Letter.State.WAITING, due__lte=moment)


class Letter(models.Model):
    """One e-mail to one address. Its text is emptied once it is sent or given up: it may hold a one-time code."""

    class State(models.TextChoices):
        WAITING = "waiting", "to be sent at `due`"
        SENT = "sent", "taken by the mail server"
        FAILED = "failed", "refused for good, or tried often enough; `problem` says which"

    id = models.UUIDField(primary_key=True, help_text="Also its Message-ID: a letter sent twice is one to its reader.")
    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    html = models.TextField(blank=True, help_text="The same for programs that show it.")
    sender = models.CharField(max_length=100, blank=True, help_text="The name beside the desk's own address.")
    headers = models.JSONField(default=dict, help_text="Those beyond what every letter has.")
    about = models.UUIDField(null=True, help_text="The conversation it answers: told what became of it.")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    written_at = models.DateTimeField(default=now)
    due = models.DateTimeField(default=now, help_text="When it is next tried; while one tries, when another may.")
    use_until = models.DateTimeField(help_text="It is of no use to its reader afterwards.")
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=100, blank=True, help_text="Why the last attempt failed; never content.")
    ended_at = models.DateTimeField(null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due"], condition=models.Q(state="waiting"), name="letter_due"),
            models.Index(fields=["to", "written_at"], name="letter_of_address"),
            models.Index(fields=["ended_at"], condition=models.Q(ended_at__isnull=False), name="letter_ended"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
