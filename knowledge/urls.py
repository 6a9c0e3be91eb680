"""The help pages, where an answer's source leads."""

from __future__ import annotations

from django.urls import path

from knowledge import views

urlpatterns = [
    path("<slug:site_key>/", views.contents, name="help_contents"),
    path("<slug:site_key>/<slug:slug>/", views.article, name="help_article"),
]
