"""Tokens: cached, shared, renewed (api.md §1, X.38, X.39)."""

import threading

import pytest

from octopus_connector.api import (
    OctopusAuthError,
    OctopusInvalidRequest,
    PasswordLogin,
    TokenCache,
)

from .common import PASSWORD, SOFTWARE_HOUSE, USER, client_of, login
from .scripted import ScriptedServer, answer


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


class Fetcher:
    """Counts how often it is asked."""

    def __init__(self):
        self.count = 0

    def __call__(self):
        self.count += 1
        return f"token-{self.count}"


@pytest.fixture
def clock():
    return Clock()


def test_token_is_kept_until_a_minute_before_its_end(clock):
    cache, fetch = TokenCache(clock), Fetcher()
    assert cache.get("key", fetch) == "token-1"
    clock.now += 539
    assert cache.get("key", fetch) == "token-1"
    clock.now += 1
    assert cache.get("key", fetch) == "token-2"


def test_age_counts_from_before_the_request(clock):
    """A slow login does not lengthen the token's life."""

    def slow():
        clock.now += 100
        return "slow"

    cache, fetch = TokenCache(clock), Fetcher()
    cache.get("key", slow)
    clock.now += 440
    assert cache.get("key", fetch) == "token-1"


def test_keys_are_apart(clock):
    cache, fetch = TokenCache(clock), Fetcher()
    assert cache.get("a", fetch) != cache.get("b", fetch)


def test_only_the_token_in_hand_is_dropped(clock):
    """A late 401 must not take away what another thread just fetched."""
    cache, fetch = TokenCache(clock), Fetcher()
    old = cache.get("key", fetch)
    cache.drop("key", old)
    new = cache.get("key", fetch)
    cache.drop("key", old)
    assert cache.get("key", fetch) == new


def test_failed_fetch_leaves_nothing_behind(clock):
    cache, fetch = TokenCache(clock), Fetcher()

    def fails():
        raise OctopusAuthError("no")

    with pytest.raises(OctopusAuthError):
        cache.get("key", fails)
    assert cache.get("key", fetch) == "token-1"


def test_many_threads_make_one_login():
    cache, start, tokens = TokenCache(), threading.Barrier(8), []
    fetched = Fetcher()

    def slow_fetch():
        threading.Event().wait(0.05)
        return fetched()

    def work():
        start.wait()
        tokens.append(cache.get("key", slow_fetch))

    threads = [threading.Thread(target=work) for _index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert fetched.count == 1
    assert tokens == ["token-1"] * 8


def test_lent_token_is_with_one_user_at_a_time(clock):
    """A SOAP session cannot be shared (api.md §3.1)."""
    cache, fetch = TokenCache(clock), Fetcher()
    first, second = cache.lend("key", fetch), cache.lend("key", fetch)
    assert (first.token, second.token) == ("token-1", "token-2")
    cache.give_back("key", second)
    assert cache.tokens() == ("token-2",)
    assert cache.lend("other", fetch).token == "token-3"
    assert cache.lend("key", fetch) is second
    assert cache.lend("key", fetch).token == "token-4"


def test_lent_token_ends_too(clock):
    cache, fetch = TokenCache(clock), Fetcher()
    cache.give_back("key", cache.lend("key", fetch))
    clock.now += 540
    assert cache.lend("key", fetch).token == "token-2"


def test_kept_tokens_that_are_no_good_are_passed_over(clock):
    cache, fetch = TokenCache(clock), Fetcher()
    loans = [cache.lend("key", fetch), cache.lend("key", fetch)]
    for loan in loans:
        cache.give_back("key", loan)
    assert cache.lend("key", fetch, fresh=True).token == "token-3"
    assert cache.tokens() == ()


def test_clients_share_tokens_through_the_cache():
    cache = TokenCache()
    with ScriptedServer(*[answer(200, [])] * 3) as server:
        for locale in (0, 0, 2):
            with client_of(server.url, tokens=cache) as client:
                client.dossier(1, locale).vat_codes()
    opened = [r.target for r in server.requests if "localeId" in r.target]
    logins = [r for r in server.requests if r.target.endswith("/authentication")]
    # The language is in the token: another language is another token.
    assert [target[-1] for target in opened] == ["0", "2"]
    assert len(logins) == 1


def test_another_password_is_another_login():
    cache = TokenCache()
    with ScriptedServer(answer(200, []), answer(200, [])) as server:
        for password in ("one", "two"):
            source = PasswordLogin(SOFTWARE_HOUSE, USER, password)
            with client_of(server.url, tokens=cache, source=source) as client:
                client.dossiers()
    logins = [r for r in server.requests if r.method == "POST"]
    assert [request.json["password"] for request in logins] == ["one", "two"]


def test_login_as_the_contract_wants_it():
    """api.md §1.1"""
    with ScriptedServer(answer(200, [])) as server:
        with client_of(server.url) as client:
            client.dossiers()
    request, dossiers = server.requests
    assert request.json == {"user": USER, "password": PASSWORD}
    assert request.headers["softwarehouseuuid"] == SOFTWARE_HOUSE
    assert dossiers.headers["token"] == "opaque-token-1"
    assert "dossiertoken" not in dossiers.headers


@pytest.mark.parametrize(
    "parts",
    [
        ("", USER, PASSWORD),
        (SOFTWARE_HOUSE, " ", PASSWORD),
        (SOFTWARE_HOUSE, USER, None),
        ("uuid\r\nX-Evil: 1", USER, PASSWORD),
        ("hüis", USER, PASSWORD),
    ],
)
def test_login_that_can_not_be_sent(parts):
    with pytest.raises(OctopusInvalidRequest):
        PasswordLogin(*parts)


def test_identity_tells_nothing():
    assert PASSWORD not in login().identity
    assert login().identity == login().identity
    assert login().identity != PasswordLogin(SOFTWARE_HOUSE, USER, "x").identity
