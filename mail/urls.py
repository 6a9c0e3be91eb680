"""The page that a letter's last line leads to."""

from django.urls import path

from mail import views

urlpatterns = [path("stop/<str:token>/", views.stop, name="mail_stop")]
