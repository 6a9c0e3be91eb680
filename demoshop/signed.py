"""Is this call the desk's? The signature over time and body, checked without telling how far a forgery was right."""

from __future__ import annotations

import hashlib
import hmac

from django.http import HttpRequest

from supportdesk.clock import now

AGE_S = 300
BODY_BYTES = 65_536


def is_signed(request: HttpRequest, secret: str) -> bool:
    moment = request.headers.get("Supportdesk-Timestamp", "")
    if not (moment.isascii() and moment.isdigit() and len(moment) < 12) or abs(now().timestamp() - int(moment)) > AGE_S:
        return False
    expected = "v1=" + hmac.new(secret.encode(), moment.encode() + b"." + request.body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), request.headers.get("Supportdesk-Signature", "").encode())
