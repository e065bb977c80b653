"""Options of the test run."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, settings

# Hypothesis draws the same examples in every run, so that nothing fails by chance: SITEGEN_EXAMPLES of each kind.
settings.register_profile(
    "sitegen",
    max_examples=int(os.environ.get("SITEGEN_EXAMPLES", "60")),
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("sitegen")


_LONGEST = ("test_faults", "test_history", "test_documents", "test_reader", "test_pages", "test_checkers", "test_serve")
"""The slowest test files start first, so that no worker sits idle at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order = {name: number for number, name in enumerate(_LONGEST)}
    items.sort(key=lambda item: order.get(item.path.stem, len(order)))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write what came out as what is expected; then read it")


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update"))
