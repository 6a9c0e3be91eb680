"""The one table."""

from __future__ import annotations

from django.db import models


class Message(models.Model):
    chat = models.CharField(max_length=20, db_index=True)
    author = models.CharField(max_length=20)
    client_id = models.CharField(max_length=64)
    text = models.TextField()
    posted_at = models.DateTimeField(auto_now_add=True)

    objects: models.Manager[Message] = models.Manager()

    class Meta:
        app_label = "stock"
