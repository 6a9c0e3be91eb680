"""REST: signing in, agents and their availability; and who a caller is, for every other app's API."""
