"""A practice's record system that clicks through to Standvast with the patient in hand.

Owns     its signing key, kept in a folder; invented patients, in memory and bounded.
Promises a click signs a token of that moment, for one address, with a number of its own; a person
         or a program can make it wrong: too old, signed by another, for another, used twice.
Not      a record of anybody: names and numbers are made up.
"""
