"""Customers, conversations and messages; the lifecycle, the journal that writes them, the sockets."""
