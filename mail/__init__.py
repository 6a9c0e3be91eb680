"""Letters: what the desk sends by e-mail, from an outbox in PostgreSQL."""
