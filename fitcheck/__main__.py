"""`python -m fitcheck` is the command `fitcheck`."""

import sys

from fitcheck.cli import main

sys.exit(main())
