"""What the bot says in every flow, whatever it is for, in the languages that flows may speak."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lines:
    ask_email: str
    email_again: str
    code_sent: str
    code_wrong: str
    code_old: str
    yes_or_no: str
    stopped: str
    not_done: str
    letter_subject: str
    letter: str


ENGLISH = Lines(
    ask_email="Before I do that I need to be sure that it is you. Which e-mail address did you order with? "
    "I will send a code there.",
    email_again="That does not look like an e-mail address. Please type it like this: name@example.com",
    code_sent="I have sent a code of six digits to {email}. Please type it here; it works for ten minutes.",
    code_wrong="That is not the code I sent. Please look at the latest e-mail again, or write “resend” for a new code.",
    code_old="That code does not work any more. Write “resend” and I will send a new one.",
    yes_or_no="Please answer yes or no. {question}",
    stopped="All right, I have changed nothing. What else can I do for you?",
    not_done="All right, I have left it as it was. What else can I do for you?",
    letter_subject="Your code for {shop}",
    letter="Somebody who says that this is their address is writing to {shop} in the chat.\n\n"
    "If that is you, type this code there: {code}\n\n"
    "It works for {minutes} minutes. If it is not you, do nothing: without the code nobody learns anything.\n",
)
GERMAN = Lines(
    ask_email="Dafür muss ich sicher sein, dass Sie es sind. Mit welcher E-Mail-Adresse haben Sie bestellt? "
    "Ich schicke einen Code dorthin.",
    email_again="Das sieht nicht wie eine E-Mail-Adresse aus. Bitte schreiben Sie sie so: name@example.com",
    code_sent="Ich habe einen Code mit sechs Ziffern an {email} geschickt. Bitte schreiben Sie ihn hier; "
    "er gilt zehn Minuten.",
    code_wrong="Das ist nicht der Code, den ich geschickt habe. Bitte sehen Sie in der neuesten E-Mail nach, oder "
    "schreiben Sie „neuer Code“.",
    code_old="Dieser Code gilt nicht mehr. Schreiben Sie „neuer Code“, und ich schicke einen neuen.",
    yes_or_no="Bitte antworten Sie mit ja oder nein. {question}",
    stopped="In Ordnung, ich habe nichts geändert. Was kann ich sonst für Sie tun?",
    not_done="In Ordnung, es bleibt, wie es war. Was kann ich sonst für Sie tun?",
    letter_subject="Ihr Code für {shop}",
    letter="Jemand, der diese Adresse als seine angibt, schreibt {shop} im Chat.\n\n"
    "Wenn Sie das sind, geben Sie dort diesen Code ein: {code}\n\n"
    "Er gilt {minutes} Minuten. Wenn Sie es nicht sind, tun Sie nichts: Ohne den Code erfährt niemand etwas.\n",
)
IN = {"en": ENGLISH, "de": GERMAN}


def lines(language: str) -> Lines:
    return IN.get(language, ENGLISH)
