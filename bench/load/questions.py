"""What shop customers ask, worded so that no text comes twice in a run: whoever remembers texts must not look fast.

The demo's articles answer nearly all of it. Plain ASCII without quotes: it goes into a frame as it is.
"""

from __future__ import annotations

WORDINGS = (
    "How long does delivery take?",
    "When will my lamp arrive if I order today?",
    "What does shipping cost?",
    "Is delivery free above a certain amount?",
    "Do you ship to Austria?",
    "How fast is express delivery?",
    "On which days do you deliver furniture?",
    "Where is my parcel right now?",
    "How can I track my order?",
    "The tracking link shows nothing new, what does that mean?",
    "Can I see the status of my order in my account?",
    "How many days do I have to return something?",
    "Can I send back a lamp that I have unpacked?",
    "Who pays for the return label?",
    "How do I return a chair?",
    "Where do I find the return label?",
    "When do I get my money back after a return?",
    "How long does a refund take?",
    "Is the refund paid to my card?",
    "Do I get the shipping cost refunded?",
    "Can I exchange the lamp for another color?",
    "How does an exchange work?",
    "Can I swap the shade for a bigger size?",
    "Which payment methods do you accept?",
    "Can I pay by invoice?",
    "Do you take PayPal?",
    "Can I pay with a credit card?",
    "Is it possible to pay in installments?",
    "Do you sell gift cards?",
    "How long is a gift card valid?",
    "Where do I enter a discount code?",
    "Can I use two discount codes at once?",
    "Where do I find my invoice?",
    "Can you put the company name on the invoice?",
    "I need an invoice with my tax number.",
    "How long is the warranty on a sofa?",
    "What does the warranty cover?",
    "Which bulb fits the floor lamp?",
    "Can the ceiling lamp be dimmed?",
    "Which dimmer works with your lamps?",
    "Why does the bulb flicker when I dim it?",
    "How do I clean the fabric shade?",
    "How do I care for an oiled oak table?",
    "How do I get a stain out of the sofa?",
    "Do you offer assembly at home?",
    "How do I put the shelf together?",
    "Do I need an electrician to install the lamp?",
    "Where are the assembly instructions?",
    "How do I reset my password?",
    "How do I change the address in my account?",
    "Can I order without an account?",
    "How do I delete my account?",
    "Can I still change my order?",
    "How do I cancel an order?",
    "Can I change the delivery address of my order?",
    "When is the green armchair back in stock?",
    "Can you tell me when an item is available again?",
    "What are your opening hours?",
    "Do you have a showroom that I can visit?",
    "Which personal data do you keep?",
)
AROUND = (
    "{said} My order is {number}.",
    "Hi, {said} It is about {number}",
    "Hello, I have order {number}. {said}",
    "{said} (order {number})",
    "Order {number}: {said}",
    "{said} Thanks, {name}, {number}",
    "Hi, this is {name}, {number}. {said}",
)
NAMES = ("Ana", "Ben", "Clara", "David", "Emma", "Felix", "Greta", "Hugo", "Ida", "Jonas", "Lena", "Marco", "Nora")
FIRST_NUMBER, NUMBERS, STRIDE = 100_000, 899_981, 7_919
"""Numbers of six digits; the stride shares no factor with how many there are, so each comes once."""


def question(turn: int) -> bytes:
    """Another one each turn, the same for the same turn."""
    round_, wording = divmod(turn, len(WORDINGS))
    around = AROUND[(round_ + wording) % len(AROUND)]
    number = FIRST_NUMBER + turn * STRIDE % NUMBERS
    return around.format(said=WORDINGS[wording], number=number, name=NAMES[turn % len(NAMES)]).encode("ascii")
