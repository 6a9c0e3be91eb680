"""Signals, the bot-or-human decision, the bot, the queue and assignment; all Celery work on messages."""
