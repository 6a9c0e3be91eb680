"""The app's name for Django."""

from django.apps import AppConfig


class RoutingConfig(AppConfig):
    name = "routing"
