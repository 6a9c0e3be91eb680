"""Learning from examples which intent a text has and whether the bot would be right, and measuring both."""
