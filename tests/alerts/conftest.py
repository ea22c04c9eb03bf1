"""References of the detectors; they stay outside the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def counts_reference() -> Path:
    """Weekly counts with the bound and alarm that R gave for each week."""
    root = os.environ.get("LOOKOUT_REFERENCE")
    if not root:
        pytest.skip("LOOKOUT_REFERENCE is not set: recorded limits of the count detectors are not here")
    folder = Path(root) / "counts"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there")
    return folder
