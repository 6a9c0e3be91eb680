"""API tokens, webhooks and the event feed."""
