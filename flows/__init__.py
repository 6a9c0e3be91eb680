"""Flows: what the bot does for a customer, step by step: slots, proof of identity, a call to the merchant."""
