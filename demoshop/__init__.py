"""The demo shop behind the demo desk: orders, instalments, and the endpoints a merchant would have."""
