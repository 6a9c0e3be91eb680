"""Addresses under /api/v1/ of the copilot, questions without an answer, and what intents are learned from."""

from django.urls import path

from routing.api import desk, learning

urlpatterns = [
    path("conversations/<uuid:conversation_id>/copilot/", desk.CopilotView.as_view()),
    path("unanswered/", desk.UnansweredView.as_view()),
    path("unanswered/settle/", desk.SettleView.as_view()),
    path("models/", learning.ModelsView.as_view()),
    path("models/<int:number>/promote/", learning.PromoteView.as_view()),
    path("models/rollback/", learning.RollbackView.as_view()),
    path("examples/", learning.ExamplesView.as_view()),
    path("examples/<int:example_id>/", learning.ExampleView.as_view()),
    path("articles/propose/", desk.ProposeView.as_view()),
]
