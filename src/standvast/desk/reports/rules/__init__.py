"""Facts in, words and faults out. Pure: no Django, no clock, no database."""
