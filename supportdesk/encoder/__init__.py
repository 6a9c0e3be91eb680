"""Texts as vectors, computed on this machine by MiniLM."""
