"""The app's name for Django, and its checks."""

from django.apps import AppConfig
from django.core.checks import register


class RoutingConfig(AppConfig):
    name = "routing"

    def ready(self) -> None:
        from routing.checks import encoder_is_there

        register(encoder_is_there)
