"""No more letters: looking changes nothing (mail programs look too), the button or one click by RFC 8058 does."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from chat import actions
from chat.models import Conversation
from mail import signing
from mail.words import words_in


@csrf_exempt  # the signed link is the permission; whoever posts by RFC 8058 has no cookie
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    conversation_id = signing.read(token, signing.STOP)
    rows = Conversation.objects.select_related("inbox")
    conversation = rows.filter(pk=conversation_id).first() if conversation_id is not None else None
    if conversation is None:
        raise Http404("This link is not whole: copy it from the letter again.")
    is_stopped = request.method == "POST"
    if is_stopped:
        actions.stop_mail(conversation_id=conversation.pk)
    shown = {
        "shop": conversation.inbox.name, "color": conversation.inbox.color, "language": conversation.language,
        "words": words_in(conversation.language), "is_stopped": is_stopped,
    }  # fmt: skip
    response = render(request, "mail/stop.html", shown)
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response
