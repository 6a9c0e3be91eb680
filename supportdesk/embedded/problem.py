"""The one exception of this package that a person sees: what happened and what to do, in a line."""


class Problem(Exception):  # it is told to a person, not handled as an error
    pass
