"""One web process: a listening socket, the server that SERVER names, and a good-bye to its sockets when it stops.

`python -m supportdesk.serve` is what the supervisor and a container run, on Daphne and on uvicorn alike.
"""
