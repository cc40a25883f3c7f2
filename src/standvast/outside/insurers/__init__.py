"""The insurers' coverage service: asked over mutual TLS whether somebody is insured.

Shape only: "VZ801/802-shaped", after public field names. The service it is shaped after has no
public description, and may differ today. Insurers, numbers and people are invented.

Owns     who was set by a program, the last 500 searches and counts, in memory; the authorities'
         keys, in the folder given to it.
Promises a client without a certificate of the production authority gets no further than the
         handshake, and is counted; the same person gets the same answer at every start.
Not      a register: whoever nobody has set is derived from the number itself.
"""
