"""What every test may use: the cast, and a running desk. PostgreSQL and Redis: tests/services_plugin.py."""

pytest_plugins = ["tests.cast", "tests.desk"]
