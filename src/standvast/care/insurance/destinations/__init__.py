"""Where questions about insurance lead: the network is touched nowhere else in this module."""
