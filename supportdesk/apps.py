"""What must be loaded in every process of the desk, whichever command started it."""

from django.apps import AppConfig


class SupportdeskConfig(AppConfig):
    name = "supportdesk"

    def ready(self) -> None:
        from supportdesk import celery, wiring  # noqa: F401  # celery: the app that shared tasks use

        wiring.connect()
