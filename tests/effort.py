"""How many made-up examples a property test takes: few in the quick run (`make test`), all in the deep one."""

from __future__ import annotations

import os

QUICK = "LOOKOUT_TEST_QUICK"


def examples(full: int, quick: int) -> int:
    """Mark the test `examples`, so that the deep run takes it too, with all of them."""
    return quick if QUICK in os.environ else full
