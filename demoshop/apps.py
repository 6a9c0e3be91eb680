"""The app's name for Django."""

from django.apps import AppConfig


class DemoshopConfig(AppConfig):
    name = "demoshop"
