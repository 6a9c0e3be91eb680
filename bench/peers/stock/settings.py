"""Both channel layers of channels-redis, by STOCK_LAYER; the database connection stays open, as one would set it."""

from __future__ import annotations

import os

from supportdesk.env import database_from_url

SECRET_KEY = "only for the bench"  # noqa: S105  # it signs nothing
DEBUG = False
ALLOWED_HOSTS = ["*"]
USE_TZ = True
INSTALLED_APPS = ["channels", "bench.peers.stock"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ASGI_APPLICATION = "bench.peers.stock.asgi.application"
DATABASES = {
    "default": {
        **database_from_url(os.environ["DATABASE_URL"]),
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": None,
    }
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": {
            "pubsub": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "redis": "channels_redis.core.RedisChannelLayer",
        }[os.environ["STOCK_LAYER"]],
        "CONFIG": {"hosts": [os.environ["REDIS_URL"]]},
    }
}
LOGGING = {"version": 1, "disable_existing_loggers": False, "root": {"level": "WARNING"}}
