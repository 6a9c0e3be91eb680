"""Every verb that changes a conversation. Each is one transaction: lock, check, compare-and-swap, event, notice, facts.

A verb that finds the world already as wanted does nothing; one that lost a race raises a typed error. Sockets, REST,
routing and the sweeper all come through here; `chat.actions.moving` is the one way a state changes.
"""

from chat.actions.bot import BotAnswer, Recognised, answer_as_bot
from chat.actions.by_mail import answer_by_mail, mark_mailed, note_mail, stop_mail, write_by_mail
from chat.actions.deadlines import act_on_deadline, bring_back_callbacks
from chat.actions.ending import close, close_current, return_to_bot
from chat.actions.offers import NotFree, accept, decline, load_of, offer, pick, take_up
from chat.actions.opening import conversation_to_write_in
from chat.actions.passing import lose_agent, release, transfer, withdraw_offer
from chat.actions.promising import CALLBACK_PRIORITY, alert_promises, break_promises
from chat.actions.reaching import alert_reach
from chat.actions.timeline import add_note, mark_read, rate, score_handoff
from chat.actions.to_people import hand_off, request_human, take_callback
from chat.actions.together import step_in, step_out, take_over

__all__ = [
    "CALLBACK_PRIORITY",
    "BotAnswer",
    "NotFree",
    "Recognised",
    "accept",
    "act_on_deadline",
    "add_note",
    "alert_promises",
    "alert_reach",
    "answer_as_bot",
    "answer_by_mail",
    "break_promises",
    "bring_back_callbacks",
    "close",
    "close_current",
    "conversation_to_write_in",
    "decline",
    "hand_off",
    "load_of",
    "lose_agent",
    "mark_mailed",
    "mark_read",
    "note_mail",
    "offer",
    "pick",
    "rate",
    "release",
    "request_human",
    "return_to_bot",
    "score_handoff",
    "step_in",
    "step_out",
    "stop_mail",
    "take_callback",
    "take_over",
    "take_up",
    "transfer",
    "withdraw_offer",
    "write_by_mail",
]
