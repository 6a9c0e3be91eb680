"""What a load balancer asks: does this process live, and can it reach what it needs?"""

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from redis.exceptions import RedisError

from supportdesk.redis_address import client

REDIS_TIMEOUT_S = 2.0


@never_cache
def lives(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def is_ready(request: HttpRequest) -> JsonResponse:
    """200 when PostgreSQL and Redis answer, else 503; the body says which one does not."""
    reached = {"postgres": can_reach_postgres(), "redis": can_reach_redis()}
    return JsonResponse(reached, status=200 if all(reached.values()) else 503)


def can_reach_postgres() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def can_reach_redis() -> bool:
    try:
        with client(settings.REDIS_URL, socket_timeout=REDIS_TIMEOUT_S, socket_connect_timeout=REDIS_TIMEOUT_S) as link:
            return bool(link.ping())
    except RedisError:
        return False
