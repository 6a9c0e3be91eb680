"""The schema and its browsable docs: valid, whole, and good under a policy without inline scripts."""

import re
from io import StringIO

from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver


def test_the_schema_is_valid_without_a_warning(db: None) -> None:
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json", stdout=out)
    assert '"openapi": "3.1.0"' in out.getvalue()


def test_every_address_is_in_the_schema_and_every_operation_may_fail(db: None) -> None:
    schema = Client().get("/api/schema/", {"format": "json"}).json()
    assert set(schema["paths"]) == set(_addresses())
    for operations in schema["paths"].values():
        for operation in operations.values():
            assert "default" in operation["responses"], operation["operationId"]
    assert schema["components"]["securitySchemes"].keys() == {"ApiToken", "CustomerToken", "Session"}


def test_the_docs_have_no_inline_script_and_load_only_from_here(db: None) -> None:
    page = Client().get("/api/docs/")
    html = page.content.decode()
    assert "script-src 'self'" in page["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)
    script = Client().get("/api/docs/", {"script": ""})
    assert script["Content-Type"].startswith("application/javascript")


def _addresses() -> list[str]:
    (api,) = (p for p in get_resolver().url_patterns if isinstance(p, URLResolver) and str(p.pattern) == "api/")
    return ["/api/" + path for path in _under(api) if path.startswith("v1/")]


def _under(resolver: URLResolver, before: str = "") -> list[str]:
    found = []
    for entry in resolver.url_patterns:
        here = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            found.append(re.sub(r"<\w+:(\w+)>", r"{\1}", here))
        else:
            found += _under(entry, here)
    return found
