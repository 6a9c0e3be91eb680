"""The app's name for Django, and where agents' sockets learn whose an API token is."""

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "integrations"

    def ready(self) -> None:
        from agents.access import accept_tokens
        from integrations.tokens import agent_of_token

        accept_tokens(agent_of_token)
