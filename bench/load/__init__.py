"""The load client: one lean process (picows on uvloop) with thousands of sockets, so that it is not what is measured.

It looks for bytes in frames rather than reading their JSON, and answers its parent's orders with figures alone.
"""
