"""What the customer is told when a conversation's state changes. Written here, never by a model.

A client may translate by `code`; the text is the English one.
"""

from __future__ import annotations

from chat.lifecycle import State, Trigger

NOTICES: dict[tuple[Trigger, State], tuple[str, str]] = {
    (Trigger.HANDOFF_REQUESTED, State.QUEUED): (
        "handoff_requested",
        "We are getting a person for you. You keep your place if you leave this page.",
    ),
    (Trigger.ACCEPTED, State.ASSIGNED): ("agent_joined", "{agent} has joined the conversation."),
    (Trigger.STEPPED_IN, State.ASSIGNED): ("agent_joined", "{agent} has joined the conversation."),
    (Trigger.STEPPED_OUT, State.ASSIGNED): ("agent_left", "{agent} has left the conversation."),
    (Trigger.TAKEN_OVER, State.ASSIGNED): ("agent_joined", "{agent} has joined the conversation."),
    (Trigger.TAKEN_UP, State.ASSIGNED): ("agent_joined", "{agent} has joined the conversation."),
    (Trigger.AGENT_LOST, State.QUEUED): (
        "agent_lost",
        "{agent} lost the connection. You are back in line, in your old place.",
    ),
    (Trigger.AGENT_SILENT, State.QUEUED): (
        "no_reply_yet",
        "Sorry for the wait. You are back in line, in your old place, for the next free person.",
    ),
    (Trigger.RELEASED, State.QUEUED): (
        "requeued",
        "You are back in line, in your old place, for the next free person.",
    ),
    (Trigger.TRANSFERRED, State.QUEUED): ("transferred", "You are being transferred to {target}."),
    (Trigger.RETURNED_TO_BOT, State.BOT): (
        "returned_to_bot",
        "Our assistant is with you again. You can ask for a person at any time.",
    ),
    (Trigger.PROMISED, State.CALLBACK): (
        "callback_promised",
        "We cannot reach a person for you just now. We will get back to you here by {due}.",
    ),
    (Trigger.CALLBACK_DUE, State.QUEUED): ("requeued", "As promised, we are getting a person for you now."),
    (Trigger.RESOLVED, State.CLOSED): ("conversation_closed", "This conversation has ended. Write again at any time."),
    (Trigger.IDLE_CLOSED, State.CLOSED): (
        "conversation_closed",
        "This conversation was closed because it was quiet for a while. Write again at any time.",
    ),
    (Trigger.REOPENED, State.BOT): ("conversation_reopened", "This conversation is open again."),
}
"""Transitions that are not here (an offer made, declined, expired) are not the customer's to see."""

CHOSEN = ("callback_chosen", "We will get back to you here by {due}. You can ask for a person at any time.")
BY_MAIL = ("answer_by_mail", "If you leave this page, our answer also comes to you by e-mail.")
LETTER_CUT = ("letter_cut", "Not all of the letter is here: attachments and very long texts are left out.")
STILL_WAITING = ("still_waiting", "Thank you for waiting. You are still in line and keep your place.")
