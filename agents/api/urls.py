"""Addresses under /api/v1/ of signing in, agents and availability, teams and shifts."""

from django.urls import path

from agents.api.agents import AgentsView, AvailabilityView
from agents.api.session import SessionView
from agents.api.staffing import AgentView, ShiftsView, ShiftView, TakeShiftView, TeamsView, TeamView

urlpatterns = [
    path("session/", SessionView.as_view()),
    path("agents/", AgentsView.as_view()),
    path("agents/<int:agent_id>/", AgentView.as_view()),
    path("availability/", AvailabilityView.as_view()),
    path("teams/", TeamsView.as_view()),
    path("teams/<int:team_id>/", TeamView.as_view()),
    path("shifts/", ShiftsView.as_view()),
    path("shifts/<int:shift_id>/", ShiftView.as_view()),
    path("shifts/<int:shift_id>/take/", TakeShiftView.as_view()),
]
