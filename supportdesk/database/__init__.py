"""Django's PostgreSQL backend with a pool that is back at once after PostgreSQL was away."""
