"""People: who signs in, and how.

Owns     tables `people_person`, `people_addressdoubt`; pages under /accounts/ (with allauth);
         lane `people.addresses`; the walks of signing in; lane use: mail.
Promises a login name is a user name or an e-mail address, never ambiguous; a forgotten password
         is mended for both, with no outside party but mail, and the answer is the same for
         known and unknown names; nobody's mistyping locks out a colleague at the same address.
Uses     core.journal; core.delivery; core.health.
Not      roles and organisations of a person (access).
"""
