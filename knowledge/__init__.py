"""Help articles, their passages and search: what the bot may say."""
