"""Where Octopus may be (architecture.md §6)."""

import pytest

from octopus_connector.api import PRODUCTION_URL, OctopusInvalidRequest
from octopus_connector.api.wire import checked_url


@pytest.mark.parametrize(
    "url",
    [
        PRODUCTION_URL,
        "http://localhost:8070/octopus-rest-api/v1",
        "http://127.0.0.1:8070/v1",
        "http://127.9.9.9/v1",
        "http://[::1]:8070/v1",
        "https://10.0.0.5/v1",
    ],
)
def test_address_that_can_be_used(url):
    assert checked_url(f" {url}/ ")[0] == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        None,
        5,
        "service.inaras.be",
        "ftp://service.inaras.be/v1",
        "http://service.inaras.be/v1",
        "http://127.0.0.1.evil.example/v1",
        "http://localhost.evil.example/v1",
        "http://2130706433/v1",
        "https://user:secret@service.inaras.be/v1",
        "https://service.inaras.be/v1?x=1",
        "https://service.inaras.be/v1#x",
        "https://service.inaras.be:port/v1",
        "https://[::1/v1",
        "https:///v1",
        "javascript:alert(1)",
    ],
)
def test_address_that_can_not_be_used(url):
    with pytest.raises(OctopusInvalidRequest) as caught:
        checked_url(url)
    assert "secret" not in str(caught.value)


def test_loopback_is_known():
    assert checked_url("http://localhost/v1")[1]
    assert not checked_url(PRODUCTION_URL)[1]
