"""The app's name for Django."""

from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "knowledge"
