"""A release tried on a copy of production: its migrations and scripts, and the way back.

The copy stands in a server of its own, which is discarded with all data afterwards. Migrations of
this house only go forward; going back is going back to the code before, on the tables after. So
that is what is rehearsed: the code before reads, writes and keeps what was written meanwhile.
"""
