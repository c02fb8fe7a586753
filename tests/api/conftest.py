"""The pretend Octopus over real HTTP, fresh for each test."""

import pytest

from octopus_sandbox.seed import demo
from octopus_sandbox.testing import Sandbox


@pytest.fixture(scope="session")
def running_sandbox():
    with Sandbox() as sandbox:
        yield sandbox
        sandbox.world.reset()


@pytest.fixture
def sandbox(running_sandbox):
    """Fails the test whose requests did not keep to the contract."""
    with running_sandbox.world.lock:
        running_sandbox.world.reset()
    yield running_sandbox
    running_sandbox.assert_no_violations()


@pytest.fixture(params=["rest", "soap"])
def transport(request):
    """Both services over the same books (issue 5 §4)."""
    return request.param


@pytest.fixture
def connect(sandbox, transport):
    """Make clients of the sandbox's login; they are closed at the end."""
    # This file may be read before the configuration that makes the addon's ground
    # floor importable without Odoo.
    from octopus_connector import api

    clients = []
    url = sandbox.url if transport == "rest" else sandbox.soap_url

    def make(user=demo.USER, password=demo.PASSWORD, **options):
        source = api.PasswordLogin(demo.SOFTWARE_HOUSE, user, password)
        clients.append(api.connect(source, transport, url, **options))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def client(connect):
    return connect()


@pytest.fixture
def dossier(client):
    return client.dossier(demo.MAIN)
