"""`python -m standvast.drills.proxy PORT`: the proxy's API on 127.0.0.1:PORT."""

import sys

from standvast.drills.proxy.process import main

if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
