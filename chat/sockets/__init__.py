"""The WebSockets: move bytes, parse, call one verb, answer. No logic lives here."""
