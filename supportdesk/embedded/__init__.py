"""PostgreSQL, Redis and Node from Python wheels, and the supervisor that runs the whole desk on one machine.

Nothing here knows the apps: it starts programs, watches them and stops them.
"""
