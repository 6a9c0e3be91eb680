"""Bot brains: each is asked with the same question and says the same kinds of thing. None of them can move a chat."""
