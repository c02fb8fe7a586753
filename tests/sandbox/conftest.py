"""A sandbox whose clock stands on 15 June 2026; see :mod:`octopus_sandbox.testing`."""

import datetime

import pytest

from octopus_sandbox.seed import demo
from octopus_sandbox.testing import Sandbox

from .client import Caller

NOW = datetime.datetime(2026, 6, 15, 9, 0, tzinfo=datetime.timezone.utc)


def frozen_seed(state):
    state.clock.frozen = NOW
    demo.fill(state)


@pytest.fixture(scope="session")
def running_sandbox():
    """One server for all tests; each test starts from a fresh world."""
    with Sandbox(frozen_seed) as running:
        yield running


@pytest.fixture
def sandbox(running_sandbox):
    """Fails the test when a call did not keep to the contract."""
    running_sandbox.world.reset()
    yield running_sandbox
    running_sandbox.assert_no_violations()
    running_sandbox.world.faults.clear()


@pytest.fixture
def octopus(sandbox):
    return Caller(sandbox)
