"""The composition root: settings, urls, edge, wiring, processes, the `standvast` command."""
