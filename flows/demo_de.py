"""The demo desk's flows in German: the same deeds under the same names, in other words."""

from __future__ import annotations

from typing import Any

ORDER: dict[str, Any] = {
    "name": "order",
    "kind": "pattern",
    "pattern": r"(?i)\b(?:LO\s?-?\s?)?(\d{5})\b",
    "shape": "LO-{}",
    "ask": "Um welche Bestellung geht es? Die Nummer steht in der Bestätigung und sieht so aus: LO-48213.",
    "again": "Ich brauche die Bestellnummer: LO- und fünf Ziffern, etwa LO-48213. Sie steht in der Bestätigung.",
}
DATE: dict[str, Any] = {
    "name": "date",
    "kind": "date",
    "days_most": 60,
    "ask": "Auf welches Datum soll ich sie verschieben? Zum Beispiel „15. Dezember“ oder „in 10 Tagen“.",
    "again": "Ich brauche ein Datum in den nächsten 60 Tagen, zum Beispiel „15. Dezember“.",
}
NOT_FOUND = {
    "say": "Unter Ihrer E-Mail-Adresse finde ich keine Bestellung {order}. Bitte prüfen Sie die Nummer.",
    "then": "order",
}
SPECS: dict[str, dict[str, Any]] = {
    "order_status": {
        "title": "Wo eine Bestellung ist", "slots": [ORDER],
        "done": "Ihre Bestellung {order} ({item}) ist {status}; sie {when}.",
        "refusals": {"not_found": NOT_FOUND},
    },
    "refund_status": {
        "title": "Wo eine Erstattung ist", "slots": [ORDER],
        "done": "Die Erstattung von {amount} für die Bestellung {order} {state}.",
        "refusals": {
            "not_found": NOT_FOUND,
            "not_returned": {
                "say": "Die Bestellung {order} ist noch nicht bei uns zurück. Wir erstatten in 3 Werktagen nach ihrer "
                "Ankunft.",
                "then": "end",
            },
        },
    },
    "return_item": {
        "title": "Eine Bestellung zurückgeben", "slots": [ORDER],
        "confirm": "Soll ich die Rückgabe der Bestellung {order} anmelden? Sie erhalten ein Etikett dafür.",
        "done": "Die Rückgabe ({item}) ist angemeldet. Schreiben Sie {label} auf das Paket und geben Sie es in einem "
        "Paketshop ab; wir erstatten in 3 Werktagen nach der Ankunft.",
        "refusals": {
            "not_found": NOT_FOUND,
            "not_delivered": {
                "say": "Die Bestellung {order} ist noch nicht zugestellt und kann noch nicht zurückgegeben werden.",
                "then": "end",
            },
            "too_late": {"say": "Die 30 Tage für die Rückgabe der Bestellung {order} sind vorbei.", "then": "human"},
        },
    },
    "payment_date": {
        "title": "Einen Zahlungstermin verschieben", "slots": [ORDER, DATE],
        "confirm": "Soll ich die nächste Zahlung der Bestellung {order} auf {date} verschieben? Das kostet nichts.",
        "done": "Erledigt: Die nächste Zahlung der Bestellung {order} ist jetzt am {due} fällig.",
        "refusals": {
            "not_found": NOT_FOUND,
            "nothing_due": {"say": "Für die Bestellung {order} ist nichts fällig: Sie ist bezahlt.", "then": "end"},
            "date_too_far": {
                "say": "{date} liegt mehr als 30 Tage nach dem jetzigen Termin. Welches frühere Datum soll es sein?",
                "then": "date",
            },
        },
    },
}  # fmt: skip
