"""What a stranger may make a web process hold, whichever server runs."""

from __future__ import annotations

FRAME_BYTES = 1024 * 1024
"""A longer frame ends the connection with 1009; the desk itself refuses much shorter ones, politely."""
BODY_BYTES = 4 * 1024 * 1024
"""A request body; larger than anything the API takes (supportdesk.api.parsers says what that is)."""
UNREAD_FRAMES = 32
"""Frames of one socket that wait for the desk before the server stops reading from it."""
UNSENT_BYTES = 64 * 1024
"""What one socket's reader may leave unread before sending to it waits."""
STALLED_S = 10.0
"""A reader that leaves this much unread for this long is cut; it resumes by seq."""
CLOSE_APPLICATION_S = 10
REQUESTS_END_S = 10.0
"""How long a process that stops waits for the requests it is answering."""
