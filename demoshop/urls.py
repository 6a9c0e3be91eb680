"""Where the demo shop is called."""

from __future__ import annotations

from django.urls import path

from demoshop import views

urlpatterns = [path("<slug:name>/", views.deed)]
