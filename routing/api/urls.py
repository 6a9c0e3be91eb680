"""Addresses under /api/v1/ of the copilot and of questions without an answer."""

from django.urls import path

from routing.api import desk

urlpatterns = [
    path("conversations/<uuid:conversation_id>/copilot/", desk.CopilotView.as_view()),
    path("unanswered/", desk.UnansweredView.as_view()),
    path("unanswered/settle/", desk.SettleView.as_view()),
    path("articles/propose/", desk.ProposeView.as_view()),
]
