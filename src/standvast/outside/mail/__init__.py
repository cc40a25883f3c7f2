"""A mail server that can be slow, say later, say no, hang up or be gone, on command.

Owns     the last 50,000 messages it accepted, in memory, and a count per Message-ID.
Promises a message it answered 250 to is stored and counted before the answer leaves.
Not      a relay: nothing is ever passed on.
"""
