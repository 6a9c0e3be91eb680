"""REST: conversations and customers for the desk, and the customer's own conversation for clients without sockets."""
