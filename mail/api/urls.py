"""Addresses under /api/v1/mail/."""

from django.urls import path

from mail.api.views import InboundView

urlpatterns = [path("mail/inbound/", InboundView.as_view())]
