"""A chat as the Channels tutorial teaches it: a JSON consumer, a group a chat, one ORM row a message, on Daphne."""
