"""A rehearsal: scripted customers and agents play dialogues through a running desk, and a judge says what went wrong.

The players are pure clients of the WebSockets; only the watch, the cast and the final comparison look at the database.
"""
