"""Addresses under /api/v1/ of signing in, agents and availability."""

from django.urls import path

from agents.api.agents import AgentsView, AvailabilityView
from agents.api.session import SessionView

urlpatterns = [
    path("session/", SessionView.as_view()),
    path("agents/", AgentsView.as_view()),
    path("availability/", AvailabilityView.as_view()),
]
