"""What the bot says of itself: small talk and the offer of a person, in four languages (English for the others)."""

from __future__ import annotations

from routing.signals.smalltalk import Kind

MISS = "miss"

LINES: dict[str, dict[Kind | str, str]] = {
    "en": {
        "greeting": "Hello! What can I do for you?",
        "thanks": "You are welcome. Is there anything else?",
        "bye": "Goodbye, and thank you for your visit.",
        "done": "All right. Write again whenever you like.",
        "ok": "Good. Is there anything else I can do for you?",
        "yes": "Please tell me in a sentence what you need.",
        "no": "All right. Tell me if there is anything else, or choose “Talk to a person”.",
        "presence": (
            "Yes, I am here. I am the shop's automatic assistant; a person is one click away. What can I do for you?"
        ),
        MISS: (
            "I have no answer to that. Would you like to talk to a person? Say yes, or put your question "
            "in other words."
        ),
    },
    "de": {
        "greeting": "Hallo! Was kann ich für Sie tun?",
        "thanks": "Gern geschehen. Kann ich sonst noch etwas tun?",
        "bye": "Auf Wiedersehen und danke für Ihren Besuch.",
        "done": "Alles klar. Schreiben Sie jederzeit wieder.",
        "ok": "Gut. Kann ich sonst noch etwas für Sie tun?",
        "yes": "Bitte sagen Sie mir in einem Satz, worum es geht.",
        "no": "In Ordnung. Sagen Sie mir, wenn noch etwas ist, oder wählen Sie „Mit einem Menschen sprechen“.",
        "presence": (
            "Ja, ich bin da. Ich bin der automatische Assistent des Shops; ein Mensch ist einen Klick entfernt. "
            "Was kann ich für Sie tun?"
        ),
        MISS: (
            "Darauf habe ich keine Antwort. Möchten Sie mit einem Menschen sprechen? Sagen Sie Ja, oder stellen Sie "
            "die Frage mit anderen Worten."
        ),
    },
    "fr": {
        "greeting": "Bonjour ! Que puis-je faire pour vous ?",
        "thanks": "Avec plaisir. Puis-je faire autre chose pour vous ?",
        "bye": "Au revoir et merci de votre visite.",
        "done": "Très bien. Écrivez-nous quand vous voulez.",
        "ok": "Bien. Puis-je faire autre chose pour vous ?",
        "yes": "Dites-moi en une phrase ce dont vous avez besoin.",
        "no": "D'accord. Dites-moi s'il y a autre chose, ou choisissez « Parler à une personne ».",
        "presence": (
            "Oui, je suis là. Je suis l'assistant automatique de la boutique ; une personne est à un clic. "
            "Que puis-je faire pour vous ?"
        ),
        MISS: (
            "Je n'ai pas de réponse à cela. Voulez-vous parler à une personne ? Dites oui, ou posez "
            "votre question autrement."
        ),
    },
    "es": {
        "greeting": "¡Hola! ¿En qué puedo ayudarle?",
        "thanks": "De nada. ¿Puedo hacer algo más por usted?",
        "bye": "Adiós y gracias por su visita.",
        "done": "De acuerdo. Escríbanos cuando quiera.",
        "ok": "Bien. ¿Puedo hacer algo más por usted?",
        "yes": "Dígame en una frase qué necesita.",
        "no": "De acuerdo. Dígame si hay algo más, o elija «Hablar con una persona».",
        "presence": (
            "Sí, aquí estoy. Soy el asistente automático de la tienda; una persona está a un clic. "
            "¿En qué puedo ayudarle?"
        ),
        MISS: (
            "No tengo respuesta a eso. ¿Quiere hablar con una persona? Diga que sí, o haga la "
            "pregunta con otras palabras."
        ),
    },
}


def line(kind: Kind | str, language: str) -> str:
    return LINES.get(language, LINES["en"])[kind]
