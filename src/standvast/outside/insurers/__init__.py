"""The insurers over mutual TLS: asked whether somebody is insured, and handed claims to answer.

Shape only: coverage "VZ801/802-shaped", claims by messages "VSP-shaped", after public names. What
they are shaped after may differ today. Insurers, numbers and people are invented.

Owns     who was set by a program, the last 500 searches, 200 messages with claims and counts, in
         memory; the authorities' keys, in the folder given to it.
Promises a client without a certificate of the production authority gets no further than the
         handshake, and is counted; the same person gets the same answer at every start.
Not      a register: whoever nobody has set is derived from the number itself.
"""
