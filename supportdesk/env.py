"""Readers for environment variables. A bad value stops the start with a line that names the variable."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def env_str(name: str, default: str) -> str:
    return os.environ.get(name) or default


def env_choice(name: str, default: str, allowed: set[str]) -> str:
    given = os.environ.get(name) or default
    if given in allowed:
        return given
    raise ImproperlyConfigured(f"{name}={given!r} is none of: {', '.join(sorted(allowed))}.")


def env_bool(name: str, default: bool) -> bool:
    given = os.environ.get(name)
    if given is None:
        return default
    if given.lower() in TRUE | FALSE:
        return given.lower() in TRUE
    raise ImproperlyConfigured(f"{name}={given!r} is neither 1 nor 0.")


def env_int(name: str, default: int, *, low: int, high: int) -> int:
    given = os.environ.get(name) or str(default)
    if given.isascii() and given.isdigit() and low <= int(given) <= high:
        return int(given)
    raise ImproperlyConfigured(f"{name}={given!r} is not a whole number from {low} to {high}.")


def env_list(name: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def env_address(name: str, *, most: int) -> str:
    """An e-mail address with no plus and at most `most` characters before its @; "" where none is set."""
    given = os.environ.get(name) or ""
    if not given or re.fullmatch(rf"[A-Za-z0-9._-]{{1,{most}}}@[A-Za-z0-9.-]+", given):
        return given
    raise ImproperlyConfigured(f"{name}={given!r} is not an address like reply@shop.example (at most {most} before @).")


def env_url(name: str, default: str, *, schemes: set[str]) -> str:
    """A URL whose scheme is one of `schemes`. The URL may hold a password, so the error does not repeat it."""
    given = os.environ.get(name) or default
    if urlsplit(given).scheme in schemes:
        return given
    raise ImproperlyConfigured(f"{name} is not a URL that starts with one of: {', '.join(sorted(schemes))}.")


def read_services(path: Path) -> dict[str, str]:
    """The addresses of the embedded services that run on this var directory: KEY=VALUE lines, or nothing."""
    try:
        lines = path.read_text().splitlines()
    except (FileNotFoundError, PermissionError):
        return {}
    return dict(line.split("=", 1) for line in lines if "=" in line)


def database_from_url(url: str) -> dict[str, str | dict[str, str]]:
    """Django's DATABASES entry for postgres://user:password@host:port/name?option=value; `host` may be a folder."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ImproperlyConfigured("DATABASE_URL names no database.")
    return {
        "NAME": name,
        "USER": unquote(parts.username or options.pop("user", "")),
        "PASSWORD": unquote(parts.password or options.pop("password", "")),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": options.pop("port", "") or str(parts.port or ""),
        "OPTIONS": options,
    }


def kept_secret(var: Path) -> str:
    """The secret key of this var directory, made once and readable by its owner alone."""
    path = var / "secret_key"
    try:
        if not path.exists():
            var.mkdir(parents=True, exist_ok=True)
            fresh = Path(tempfile.mkstemp(dir=var, prefix="secret_key.")[1])
            fresh.write_text(secrets.token_urlsafe(50))
            try:
                path.hardlink_to(fresh)  # fails if another process was first: then its key is the key
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return path.read_text()
    except OSError as problem:
        raise ImproperlyConfigured(
            f"SECRET_KEY is not set, none can be kept in {var}: {problem.strerror}. Set SECRET_KEY or SUPPORTDESK_VAR."
        ) from problem
