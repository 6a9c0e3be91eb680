"""REST: the help articles."""
