"""What a client does about each error and each close code: the words of docs/protocol.md."""

from chat import protocol

ERROR_ADVICE: dict[protocol.ErrorCode, tuple[str, str]] = {
    "bad_json": ("The frame is not a JSON object.", "A bug in the client: fix it."),
    "binary_frame": ("Frames are text.", "Send text frames."),
    "frame_too_large": (f"The frame is longer than {protocol.FRAME_BYTES} bytes.", "Send less."),
    "bad_frame": ("The frame is not `{id, type, data}`.", "A bug in the client: fix it."),
    "unknown_type": ("No such command on this socket.", "Check the spelling and the socket."),
    "unknown_field": ("`data` has a field the command does not know.", "Leave it out; the message names it."),
    "missing_field": ("`data` lacks a field.", "Add it; the message names it."),
    "bad_value": ("A field has a wrong type or is out of range.", "Correct it; the message names it."),
    "empty_text": ("The text has nothing but white space.", "Ask for words."),
    "text_too_long": (f"The text is longer than {protocol.TEXT_CHARS} characters.", "Split it."),
    "bad_email": ("The address cannot be written to.", "Show the message; ask again."),
    "bad_text": ("The text has NUL or lone surrogates.", "Remove them."),
    "rate_limited": ("Too many frames.", "Send the same frame again after `retry_after_ms`."),
    "busy": ("The server is full for a moment.", "Send the same frame again after `retry_after_ms`."),
    "session_required": ("The socket has no session yet.", "Send `session.open` first."),
    "session_already_open": ("The socket already has a session.", "Use it, or open another socket."),
    "unknown_site": ("No inbox has this site key.", "Correct the snippet on the page."),
    "origin_not_allowed": ("The inbox does not allow this page's origin.", "Add the origin to the inbox."),
    "bad_token": ("The token is forged, revoked or of another site.", "Forget it; open a session without one."),
    "token_expired": ("The token is too old.", "Forget it; open a session without one."),
    "bad_identity": ("The merchant's signature does not verify.", "Check the identity secret; sign again."),
    "identity_expired": ("The signed identity is too old.", "Sign a new one."),
    "unauthenticated": ("Nobody is signed in.", "Sign in, or send an API token."),
    "not_found": ("It does not exist, or it is not yours: the same answer on purpose.", "Do not retry."),
    "seq_from_future": ("`after_seq` or `seq` is past the last message.", "Join again from 0."),
    "client_id_reused": ("The `client_id` was used with another text.", "Use a new one for each message."),
    "conversation_closed": ("The conversation is over.", "A customer's next message opens a new one."),
    "forbidden": ("this agent has not been given the permission", "ask a supervisor"),
    "not_assigned": ("Only the assignee writes to the customer.", "Accept or take up the conversation first."),
    "already_taken": ("Somebody else was faster.", "Drop the offer; the next one comes."),
    "illegal_transition": ("Not possible in the conversation's state.", "Show the latest `conversation.changed`."),
    "unavailable": ("A store the command needs is away.", "Send the same frame again in a few seconds."),
    "internal": ("A fault of the server; it is logged.", "Send the same frame again once, then give up."),
}

CLOSE_ADVICE: dict[int, tuple[str, str]] = {
    1009: ("A frame was longer than FRAME_BYTES_HARD.", "Do not send it again."),
    protocol.CLOSE_TOO_BIG: ("As 1009, from servers that leave it to the desk.", "Do not send it again."),
    protocol.CLOSE_GOING_AWAY: ("The server is restarting.", "Connect again, with jitter."),
    protocol.CLOSE_UNAUTHENTICATED: ("The session ended or nobody is signed in.", "Sign in, then connect."),
    protocol.CLOSE_SILENT: ("Nothing was heard from the client.", "Connect again, with jitter."),
    protocol.CLOSE_SLOW: ("The client did not read its pushes.", "Connect again, then join with `after_seq`."),
    protocol.CLOSE_FLOOD: ("The client ignored `rate_limited`.", "Slow down, then connect again."),
}
