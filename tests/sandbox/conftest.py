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


@pytest.fixture
def sandbox():
    """Fails the test when a call did not keep to the contract."""
    with Sandbox(frozen_seed) as running:
        yield running
        running.assert_no_violations()


@pytest.fixture
def octopus(sandbox):
    return Caller(sandbox)
