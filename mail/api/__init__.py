"""The door for letters that a mail server brings."""
