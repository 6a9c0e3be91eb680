"""The app's name for Django, and its checks."""

from django.apps import AppConfig
from django.core.checks import register


class MailConfig(AppConfig):
    name = "mail"

    def ready(self) -> None:
        from mail.checks import answers_have_an_address

        register(answers_have_an_address)
