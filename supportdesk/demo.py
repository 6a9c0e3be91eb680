"""The demo desk's names and password: loaded by `manage.py load_demo`, shown by `make run`, used by the tests."""

DEMO_SITE_KEY = "demo-shop"
DEMO_PASSWORD = "demo-desk"  # noqa: S105  # printed on the screen by design; a real desk loads no demo
DEMO_AGENTS = ("bob", "carol")
DEMO_SUPERVISOR = "sam"
