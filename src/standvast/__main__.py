"""`python -m standvast`: the same as the `standvast` command."""

from standvast.project.command import main

raise SystemExit(main())
