"""The words around an answer in a letter, in the languages of the widget."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    subject: str
    write_above: str
    answer: str
    answer_or_chat: str
    chat: str
    unread: str
    why: str
    stop: str
    stop_ask: str
    stop_button: str
    stopped: str


EN = Words(
    subject="Your conversation with {shop}",
    write_above="Please write your answer above this line",
    answer="To answer, simply answer this letter.",
    answer_or_chat="To answer, simply answer this letter, or go on in the chat: {link}",
    chat="Answers to this letter are not read. Please go on in the chat: {link}",
    unread="Answers to this letter are not read. Please go on in the chat.",
    why="You get this because you wrote to {shop} in the chat and were not there to read the answer. "
    "If it was not you, please do not answer.",
    stop="No more letters about this conversation: {link}",
    stop_ask="No more letters about this conversation?",
    stop_button="No more letters",
    stopped="You get no more letters about this conversation. In the chat you can ask for them again.",
)
WORDS: dict[str, Words] = {
    "en": EN,
    "de": Words(
        subject="Ihre Unterhaltung mit {shop}",
        write_above="Bitte schreiben Sie Ihre Antwort über diese Zeile",
        answer="Zum Antworten genügt eine Antwort auf diese E-Mail.",
        answer_or_chat="Zum Antworten genügt eine Antwort auf diese E-Mail; oder schreiben Sie im Chat weiter: {link}",
        chat="Antworten auf diese E-Mail werden nicht gelesen. Bitte schreiben Sie im Chat weiter: {link}",
        unread="Antworten auf diese E-Mail werden nicht gelesen. Bitte schreiben Sie im Chat weiter.",
        why="Sie bekommen dies, weil Sie {shop} im Chat geschrieben haben und die Antwort dort nicht lesen konnten. "
        "Wenn Sie das nicht waren, antworten Sie bitte nicht.",
        stop="Keine E-Mails mehr zu dieser Unterhaltung: {link}",
        stop_ask="Keine E-Mails mehr zu dieser Unterhaltung?",
        stop_button="Keine E-Mails mehr",
        stopped="Sie bekommen zu dieser Unterhaltung keine E-Mails mehr. Im Chat können Sie wieder darum bitten.",
    ),
    "es": Words(
        subject="Tu conversación con {shop}",
        write_above="Por favor, escribe tu respuesta encima de esta línea",
        answer="Para contestar, basta con responder a este correo.",
        answer_or_chat="Para contestar, basta con responder a este correo, o sigue en el chat: {link}",
        chat="Las respuestas a este correo no se leen. Por favor, sigue en el chat: {link}",
        unread="Las respuestas a este correo no se leen. Por favor, sigue en el chat.",
        why="Recibes esto porque escribiste a {shop} en el chat y no estabas para leer la respuesta. "
        "Si no fuiste tú, no respondas, por favor.",
        stop="No recibir más correos sobre esta conversación: {link}",
        stop_ask="¿No recibir más correos sobre esta conversación?",
        stop_button="No más correos",
        stopped="Ya no recibirás correos sobre esta conversación. En el chat puedes volver a pedirlos.",
    ),
    "fr": Words(
        subject="Votre conversation avec {shop}",
        write_above="Merci d’écrire votre réponse au-dessus de cette ligne",
        answer="Pour répondre, il suffit de répondre à cet e-mail.",
        answer_or_chat="Pour répondre, il suffit de répondre à cet e-mail, ou de continuer dans le chat : {link}",
        chat="Les réponses à cet e-mail ne sont pas lues. Merci de continuer dans le chat : {link}",
        unread="Les réponses à cet e-mail ne sont pas lues. Merci de continuer dans le chat.",
        why="Vous recevez ceci car vous avez écrit à {shop} dans le chat et n’y étiez plus pour lire la réponse. "
        "Si ce n’était pas vous, merci de ne pas répondre.",
        stop="Ne plus recevoir d’e-mails sur cette conversation : {link}",
        stop_ask="Ne plus recevoir d’e-mails sur cette conversation ?",
        stop_button="Plus d’e-mails",
        stopped="Vous ne recevrez plus d’e-mails sur cette conversation. Dans le chat, vous pouvez en redemander.",
    ),
}


def words_in(language: str) -> Words:
    return WORDS.get(language, EN)
