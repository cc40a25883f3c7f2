"""The words of the `standvast` command, one file each: `arguments(parser)` and `run(chosen)`."""
