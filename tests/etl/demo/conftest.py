"""One generation of the demo city, and one of its twin, per session."""

from __future__ import annotations

import pytest

from etl.demo import generate
from tests.etl.demo.reading import Demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo")
    return Demo(folder, generate(folder))


@pytest.fixture(scope="session")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("twin")
    return Demo(folder, generate(folder, twin=True))
