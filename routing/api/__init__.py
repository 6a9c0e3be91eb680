"""REST: what routing and the bot know for the desk: help for agents, questions without an answer."""
