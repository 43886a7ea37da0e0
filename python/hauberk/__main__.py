"""`python -m hauberk`."""

import sys

from hauberk.cli import main

if __name__ == "__main__":
    sys.exit(main())
