"""The pages "Certificates": what we show to others, how long it lasts, and replacing it in time.

Owns     no table; pages under /desk/certificates/.
Promises never shows a private key, not even to who handed it in; says of each act what it does
         before it is done.
Uses     core.certificates, registry.access, registry.people, web.
Not      the certificates themselves and what is right about them: core.certificates.
"""
