"""Every setting, read from the environment once at start. Policy that merchants change lives on the inbox, not here."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from supportdesk import redis_address
from supportdesk.broker import broker
from supportdesk.env import (
    database_from_url,
    env_address,
    env_bool,
    env_choice,
    env_int,
    env_list,
    env_str,
    env_url,
    kept_secret,
    read_services,
)

BASE_DIR = Path(__file__).resolve().parent.parent
SUPPORTDESK_VAR = Path(env_str("SUPPORTDESK_VAR", str(BASE_DIR / "var"))).absolute()

DEBUG = env_bool("DEBUG", False)
PORT = env_int("PORT", 8000, low=1, high=65535)
PUBLIC_URL = env_url("PUBLIC_URL", f"http://localhost:{PORT}", schemes={"http", "https"}).rstrip("/")
SECRET_KEY = env_str("SECRET_KEY", "") or kept_secret(SUPPORTDESK_VAR)

# --- Services: the environment's, else those that run beside us on the same var directory -------------------------
_services = read_services(SUPPORTDESK_VAR / "run" / "services.env")
_no_database = f"postgresql:///supportdesk?host={SUPPORTDESK_VAR}/run"  # connecting says that nothing runs there
_no_redis = f"unix://{SUPPORTDESK_VAR}/run/redis.sock"
DATABASE_URL = env_url("DATABASE_URL", _services.get("DATABASE_URL", _no_database), schemes={"postgres", "postgresql"})
REDIS_URL = env_url("REDIS_URL", _services.get("REDIS_URL", _no_redis), schemes=redis_address.SCHEMES)

_database = database_from_url(DATABASE_URL)
_pool = {"min_size": 1, "max_size": env_int("DATABASE_POOL", 24, low=2, high=500), "timeout": 5.0, "max_idle": 120.0}
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **_database,
        "ENGINE": "supportdesk.database",
        # Threads come and go (one per request under ASGI, one per task): the pool keeps the connections, not they.
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,  # the backend checks each link itself
        "OPTIONS": {"application_name": "supportdesk", "connect_timeout": "5", "pool": _pool, **_database["OPTIONS"]},  # type: ignore[dict-item]  # OPTIONS is the one dict among strings
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "agents",
    "chat",
    "knowledge",
    "mail",
    "flows",
    "routing",
    "demoshop",
    "integrations",
    "supportdesk",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "supportdesk.urls"
ASGI_APPLICATION = "supportdesk.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- Who may come in ----------------------------------------------------------------------------------------------
_public = urlsplit(PUBLIC_URL)
_is_https = _public.scheme == "https"
ALLOWED_HOSTS = [_public.hostname or "localhost", "localhost", "127.0.0.1", "[::1]", *env_list("ALLOWED_HOSTS")]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _is_https
SESSION_COOKIE_NAME = f"supportdesk_{PORT}"  # cookies ignore the port: two desks on one host must not share one
CSRF_COOKIE_NAME = f"supportdesk_csrf_{PORT}"
SESSION_COOKIE_HTTPONLY = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _is_https else None
SECURE_HSTS_SECONDS = 31_536_000 if _is_https else 0
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"  # the widget's frame alone lifts this
NUM_PROXIES = env_int("NUM_PROXIES", 0, low=0, high=10)  # how many may name the caller in X-Forwarded-For
LOGIN_URL = "/console/login/"
LOGIN_REDIRECT_URL = "/console/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576

# --- Language and time --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Static files: served by the web process itself, found once at start -------------------------------------------
STATIC_URL = "/static/"
FRONTEND_DIST = BASE_DIR / "frontend" / "dist"
STATICFILES_DIRS = [FRONTEND_DIST] if FRONTEND_DIST.is_dir() else []
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+-[0-9A-Za-z_-]{8}\.(js|css|woff2|svg|png|webp)$"

# --- REST ----------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "supportdesk.api.schema.Schema",
    "DEFAULT_AUTHENTICATION_CLASSES": [  # the first one's challenge makes an unknown caller a 401
        "integrations.authentication.ApiTokenAuthentication",
        "agents.api.caller.AgentSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["agents.api.caller.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": ["supportdesk.api.throttles.PerCaller"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["supportdesk.api.parsers.BoundedJSONParser"],
    "EXCEPTION_HANDLER": "supportdesk.api.errors.as_response",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "NUM_PROXIES": NUM_PROXIES,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Supportdesk API",
    "DESCRIPTION": (
        "The same verbs as the sockets, for clients without them. A program sends `Authorization: Bearer TOKEN`, made "
        "by `manage.py create_api_token`; a customer's client opens a session at `customer/session/` and sends "
        "`Authorization: Customer TOKEN`. Tokens, scopes, paging and every error code: docs/api.md."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",  # the shapes are JSON Schema 2020-12
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "POSTPROCESSING_HOOKS": ["supportdesk.api.schema.add_errors", "supportdesk.api.schema.add_summaries"],
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- Celery: the app and the whole beat schedule are in supportdesk/celery.py ----------------------------------------
HAS_OWN_BROKER = bool(env_str("CELERY_BROKER_URL", ""))  # else Celery shares the desk's Redis
_broker = broker(env_url("CELERY_BROKER_URL", REDIS_URL, schemes=redis_address.SCHEMES))
CELERY_BROKER_URL, CELERY_BROKER_OPTIONS = _broker.url, _broker.options

# --- Presence: a socket unheard for the TTL is gone; an agent's chats wait out the grace before they move on ---------
AGENT_HEARTBEAT_S = env_int("AGENT_HEARTBEAT_S", 5, low=1, high=60)
GOLDEN_REQUIRED = env_bool("GOLDEN_REQUIRED", default=False)  # before a model is promoted (docs/policy.md)
SOCKET_RATE_FACTOR = env_int("SOCKET_RATE_FACTOR", 1, low=1, high=100_000)  # times the protocol's rate; a load test's
NEW_VISITORS_PER_MINUTE = env_int("NEW_VISITORS_PER_MINUTE", 600, low=1, high=1_000_000)
PRESENCE_TTL_S = env_int("PRESENCE_TTL_S", 15, low=1, high=600)
AGENT_GRACE_S = env_int("AGENT_GRACE_S", 20, low=1, high=3600)

# --- Calls to merchants: public addresses only, but for these host:port -----------------------------------------------
SLOW_TURNS = env_int("SLOW_TURNS", 16, low=0, high=200)  # at once in a worker; 0: in its routing thread itself
DEMO_SHOP_URL = env_url("DEMO_SHOP_URL", PUBLIC_URL, schemes={"http", "https"}).rstrip("/")
_demo = urlsplit(DEMO_SHOP_URL)
PRIVATE_PEERS = {
    *env_list("PRIVATE_PEERS"),
    f"{_demo.hostname}:{_demo.port or {'http': 80, 'https': 443}[_demo.scheme]}",
}

# --- A language model, where an inbox has one (docs/brains.md) --------------------------------------------------------
LLM_API_KEY = env_str("LLM_API_KEY", "")

# --- Who turns texts into vectors for reading intents (docs/training.md) ----------------------------------------------
ENCODER = env_choice("ENCODER", "minilm", {"minilm", "endpoint", "none"})
ENCODER_URL, ENCODER_MODEL = env_str("ENCODER_URL", ""), env_str("ENCODER_MODEL", "")
ENCODER_KEY = env_str("ENCODER_KEY", "")

# --- Mail: a server, or files in the outbox folder where none is configured -------------------------------------------
EMAIL_HOST = env_str("EMAIL_HOST", "")
EMAIL_PORT = env_int("EMAIL_PORT", 587 if EMAIL_HOST else 25, low=1, high=65535)
EMAIL_HOST_USER = env_str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env_str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS", bool(EMAIL_HOST_USER))
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = env_str("EMAIL_FROM", f"Supportdesk <no-reply@{_public.hostname or 'localhost'}>")
EMAIL_REPLY = env_address("EMAIL_REPLY", most=20)  # answers to letters come to name+…@domain, where this is name@domain
EMAIL_AUTHSERV = env_str("EMAIL_AUTHSERV", "")  # the name under which our own mail server says what SPF and DKIM say
EMAIL_IMAP_HOST = env_str("EMAIL_IMAP_HOST", "")
EMAIL_IMAP_TLS = env_bool("EMAIL_IMAP_TLS", True)
EMAIL_IMAP_PORT = env_int("EMAIL_IMAP_PORT", 993 if EMAIL_IMAP_TLS else 143, low=1, high=65535)
EMAIL_IMAP_USER, EMAIL_IMAP_PASSWORD = env_str("EMAIL_IMAP_USER", ""), env_str("EMAIL_IMAP_PASSWORD", "")
EMAIL_IMAP_FOLDER = env_str("EMAIL_IMAP_FOLDER", "INBOX")
MAIL_SETTLES_S = env_int("MAIL_SETTLES_S", 20, low=0, high=600)  # an agent may still be writing
EMAIL_FILE_PATH = SUPPORTDESK_VAR / "outbox"
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"

# --- Log: one line an event, to standard output; never a token, never what a customer wrote --------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "line"}},
    "root": {"handlers": ["stdout"], "level": env_str("LOG_LEVEL", "INFO").upper()},
    "loggers": {
        "daphne": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},  # an address may hold what is nobody's business
        "django.channels.server": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},  # a line per task would be most of the log
        "celery.beat": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
    },
}
