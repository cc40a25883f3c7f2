"""How every personal field is declared, and the data-protection register made from it.

Owns     no table.
Promises a field that can hold text about a person says, beside the field, which kind of data it
         is and how a scrubbed copy treats it; a test finds those that do not.
Not      the scrubbing itself.
"""
