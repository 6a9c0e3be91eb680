"""What must be loaded in every process of the desk, whichever command started it."""

from django.apps import AppConfig


class SupportdeskConfig(AppConfig):
    name = "supportdesk"

    def ready(self) -> None:
        from supportdesk import celery  # noqa: F401, PLC0415  # makes it the app that shared tasks are sent with
