"""Addresses under /api/v1/ of decisions explained, the copilot, unanswered questions, and what is learned from."""

from django.urls import path

from routing.api import automation, decisions, desk, flows, golden, learning, risk, topics, trainings

urlpatterns = [
    path("conversations/<uuid:conversation_id>/messages/<int:seq>/explanation/", decisions.ExplanationView.as_view()),
    path("conversations/<uuid:conversation_id>/copilot/", desk.CopilotView.as_view()),
    path("unanswered/", desk.UnansweredView.as_view()),
    path("unanswered/settle/", desk.SettleView.as_view()),
    path("inboxes/<int:inbox_id>/risk/", risk.RiskView.as_view()),
    path("inboxes/<int:inbox_id>/risk/foreseen/", risk.ForeseenView.as_view()),
    path("inboxes/<int:inbox_id>/risk/curve/", automation.CurveView.as_view()),
    path("inboxes/<int:inbox_id>/automation/", automation.AutomationView.as_view()),
    path("inboxes/<int:inbox_id>/actions/", automation.ActionsView.as_view()),
    path("inboxes/<int:inbox_id>/flows/", flows.FlowsView.as_view()),
    path("flows/<int:flow_id>/", flows.FlowView.as_view()),
    path("flows/<int:flow_id>/try/", flows.TryView.as_view()),
    path("intents/", automation.IntentsView.as_view()),
    path("human-only/", topics.TopicsView.as_view()),
    path("human-only/try/", topics.TryView.as_view()),
    path("human-only/restore/", topics.RestoreView.as_view()),
    path("human-only/topics/<slug:name>/", topics.TopicView.as_view()),
    path("golden/", golden.GoldenListView.as_view()),
    path("golden/<int:question_id>/", golden.GoldenView.as_view()),
    path("golden/runs/", golden.RunsView.as_view()),
    path("golden/runs/<int:run_id>/", golden.RunView.as_view()),
    path("models/", learning.ModelsView.as_view()),
    path("models/<int:number>/promote/", learning.PromoteView.as_view()),
    path("models/rollback/", learning.RollbackView.as_view()),
    path("trainings/", trainings.TrainingsView.as_view()),
    path("examples/", learning.ExamplesView.as_view()),
    path("examples/<int:example_id>/", learning.ExampleView.as_view()),
    path("articles/propose/", desk.ProposeView.as_view()),
]
