"""The shop's endpoints, as any merchant would have them: signed calls in, fields or a refusal out."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from demoshop.deeds import DEEDS, No
from demoshop.models import Deed, Order, Shop
from demoshop.signed import BODY_BYTES, is_signed

Answer = tuple[int, dict[str, Any]]


@csrf_exempt  # the signature says who calls; no browser does
@require_POST
def deed(request: HttpRequest, name: str) -> JsonResponse:
    shop = Shop.objects.first()
    if shop is None or name not in DEEDS:
        raise Http404
    if int(request.headers.get("Content-Length") or 0) > BODY_BYTES or not is_signed(request, shop.secret):
        return JsonResponse({"problem": "not_signed"}, status=401)
    try:
        key = UUID(request.headers.get("Idempotency-Key", ""))
        said = json.loads(request.body)
        number, customer, given = said["input"]["order"], said["customer"], said["input"]
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"problem": "bad_request"}, status=400)
    language = request.headers.get("Accept-Language", "en")[:2]
    asked = hashlib.sha256(request.body).hexdigest()
    status, answer = _once(key, asked, name, number, customer, given, language)
    return JsonResponse(answer, status=status)


@transaction.atomic
def _once(
    key: UUID, asked: str, name: str, number: str, customer: dict[str, Any], given: dict[str, Any], language: str
) -> Answer:
    """What was answered under this key before, or the deed now. Locks: the order."""
    order = Order.objects.select_for_update().filter(number=str(number)[:10]).first()
    before = Deed.objects.filter(pk=key).first()
    if before is not None:
        return (before.status, before.answer) if before.asked == asked else (409, {"problem": "key_reused"})
    status, answer = _done(name, order, customer, given, language)
    Deed.objects.create(pk=key, asked=asked, status=status, answer=answer)
    return status, answer


def _done(name: str, order: Order | None, customer: dict[str, Any], given: dict[str, Any], language: str) -> Answer:
    """Somebody else's order and one that does not exist are the same answer."""
    if order is None or not _is_theirs(order, customer):
        return 404, {"problem": "not_found"}
    try:
        return 200, {"output": DEEDS[name](order, given, language)}
    except No as no:
        return 422, {"problem": str(no)}
    except (ValueError, KeyError, TypeError):
        return 400, {"problem": "bad_request"}


def _is_theirs(order: Order, customer: dict[str, Any]) -> bool:
    if customer.get("proof") == "signed_identity" and order.external_id:
        return bool(customer.get("external_id") == order.external_id)
    return customer.get("proof") is not None and str(customer.get("email") or "").casefold() == order.email.casefold()
