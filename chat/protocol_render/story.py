"""The prose of docs/protocol.md: how a session goes and a worked example."""

INTRODUCTION = """\
# Wire protocol

Generated from `chat/protocol.py` by `manage.py protocol`; do not edit. The same frames in JSON Schema:
[protocol.schema.json](protocol.schema.json); in TypeScript: `frontend/src/protocol`.

## How a session goes

1. Connect to `/ws/customer/` (anybody) or `/ws/agent/` (session cookie, or an API token in `session.open`).
   Tokens never travel in a URL.
2. Send `session.open`. A customer gets a token to keep, the site, and the latest conversation, if any; an agent gets
   himself, his offers, teams and colleagues.
3. If there is a conversation, send `conversation.join` with the last `seq` held (0 for none), and again while the
   answer says `has_more`. From then on its pushes arrive.
4. Send what waits in the outbox: each `message.post` with the `client_id` it had the first time. The same `client_id`
   gets the same answer, however often it is sent; `ok` means the message is committed.
5. Apply pushes as they come. Each conversation counts its messages with a gapless `seq`: a known `seq` is a
   repetition, the next one is news, a later one is a gap. On a gap, on `resync`, or on a `ping` answered by a higher
   `last_seq`, go to 3.
6. A side that has heard nothing for `heartbeat_s` sends `ping`; one that has heard nothing for three times as long
   hangs up. After any close go to 1, with growing pauses and jitter.

## Envelope

JSON in text frames.

| Frame | From | Shape |
|---|---|---|
| command | client | `{"id": 1, "type": "message.post", "data": {...}}` |
| reply | server | `{"id": 1, "ok": true, "data": {...}}` |
| reply | server | `{"id": 1, "ok": false, "error": {"code": "...", "message": "..."}}` |
| push | server | `{"type": "message.posted", "data": {...}}` |

A command gets exactly one reply. Replies may come in another order than their commands. A frame that could not be read
answers with `id` null. Bad input answers with a code and the connection lives.
"""

EXAMPLE = """\
## A worked example

A customer asks for a person and one takes over (`>` sent by the client, `<` by the server; shortened with `…`).

```
> {"id": 1, "type": "session.open", "data": {"site_key": "demo-shop", "locale": "en"}}
< {"id": 1, "ok": true, "data": {"token": "…", "customer": "0198…", "site": {…}, "conversation": null, …}}
> {"id": 2, "type": "message.post", "data": {"client_id": "k3J9x0aPq2", "text": "Can I talk to a person?"}}
< {"id": 2, "ok": true, "data": {"conversation_id": "0199…", "client_id": "k3J9x0aPq2", "seq": 1, …}}
> {"id": 3, "type": "conversation.join", "data": {"conversation_id": "0199…", "after_seq": 0}}
< {"id": 3, "ok": true, "data": {"conversation": {…}, "messages": [{"seq": 1, …}], "has_more": false}}
< {"type": "conversation.changed", "data": {"conversation": {"state": "queued", "version": 2, …}}}
< {"type": "message.posted", "data": {"seq": 2, "author": {"kind": "system", …}, "notice": "handoff_requested", …}}
< {"type": "queue.moved", "data": {"conversation_id": "0199…", "position": 1, "wait_s": {"low": 20, "high": 60}}}
< {"type": "conversation.changed", "data": {"conversation": {"state": "assigned", "agent": {…}, "version": 4, …}}}
< {"type": "message.posted", "data": {"seq": 3, "author": {"kind": "system", …}, "notice": "agent_joined", …}}
< {"type": "message.posted", "data": {"seq": 4, "author": {"kind": "agent", …}, "text": "Hello, I am Bob.", …}}
> {"id": 4, "type": "message.read", "data": {"seq": 4}}
< {"id": 4, "ok": true, "data": {}}
```
"""
