"""Where core's own lanes lead: the network is touched nowhere else in this module."""
