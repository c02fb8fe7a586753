"""Nothing secret shows anywhere (architecture.md §6)."""

import logging
import traceback

import pytest

from octopus_connector.api import (
    Attachment,
    OctopusClient,
    OctopusError,
    RestTransport,
    TokenCache,
)
from octopus_connector.api.telling import without_ibans

from .common import IMPATIENT, PASSWORD, SECRETS, NosyDiary, a_booking, client_of, login
from .scripted import ScriptedServer, answer, hang_up, html, reset, silence

TOKENS = tuple(f"opaque-token-{number}" for number in range(1, 9))


def shows(text):
    return [secret for secret in (*SECRETS, *TOKENS) if secret in text]


def told_by(error):
    """Everything a log or a crash report would print of an error."""
    shown = "".join(traceback.format_exception(error)) + repr(error) + str(vars(error))
    chain = [error]
    while chain[-1].__cause__ or chain[-1].__context__:
        chain.append(chain[-1].__cause__ or chain[-1].__context__)
        shown += repr(chain[-1]) + str(vars(chain[-1]))
    return shown


ECHO = {"technicalInfo": f"user with {PASSWORD} and {TOKENS[0]}, {TOKENS[1]}: no"}


@pytest.mark.parametrize(
    "act",
    [
        hang_up,
        reset,
        silence,
        html(502),
        answer(400, ECHO),
        answer(500, ECHO),
        answer(200, ECHO),
        answer(400, {"errorCode": -13, "errorMessage": ECHO["technicalInfo"]}),
        answer(200, b"<p>opaque-token-1</p>", "text/html"),
    ],
)
def test_no_secret_in_an_error_or_a_log(act, caplog):
    """Not even when the server repeats it."""
    caplog.set_level(logging.DEBUG)
    diary = NosyDiary()
    with ScriptedServer(act, act) as server:
        with client_of(server.url, observer=diary, timeouts=IMPATIENT) as client:
            dossier = client.dossier(1)
            for call in (
                dossier.vat_codes,
                lambda: dossier.insert_booking(a_booking()),
            ):
                with pytest.raises(OctopusError) as caught:
                    call()
                assert not shows(told_by(caught.value))
    assert not shows(caplog.text)
    assert not shows(repr(diary.before_calls) + repr(diary.after_calls))
    assert not shows(repr(diary.texts))


def test_no_secret_in_a_rejected_login(caplog):
    caplog.set_level(logging.DEBUG)
    with ScriptedServer(logins=[answer(401, {"technicalInfo": PASSWORD})]) as server:
        with client_of(server.url) as client:
            for _attempt in range(2):
                with pytest.raises(OctopusError) as caught:
                    client.dossiers()
                assert not shows(told_by(caught.value))
    assert not shows(caplog.text)


def test_no_secret_in_a_repr():
    cache = TokenCache()
    cache.get("key", lambda: TOKENS[0])
    source = login()
    transport = RestTransport("https://localhost/v1", source, tokens=cache)
    client = OctopusClient(transport)
    things = (source, cache, transport, client, client.dossier(1), transport._wire)
    assert not shows("".join(map(repr, things)) + "".join(map(str, things)))


def test_file_content_is_not_in_a_repr():
    attachment = Attachment(name="bill.pdf", content=b"very private")
    assert "private" not in repr(attachment)


def test_support_mode_gets_masked_bodies():
    diary = NosyDiary()
    files = [Attachment(name="bill.pdf", content=b"private" * 9)]
    with ScriptedServer(answer(201), answer(200, [{"code": "21"}])) as server:
        with client_of(server.url, observer=diary) as client:
            client.dossier(1).insert_booking(a_booking(), files)
            client.dossier(1).vat_codes()
    texts = {operation: (request, got) for operation, request, got in diary.texts}
    assert texts["authenticate"][0] == '{"user": "•••", "password": "•••"}'
    assert texts["open_dossier"] == ("", '{"Dossiertoken": "•••"}')
    assert "700100" in texts["insert_booking"][0]
    assert '"fileData": "•••"' in texts["insert_booking"][0]
    assert texts["vat_codes"] == ("", '[{"code": "21"}]')


def test_no_password_of_a_netrc_is_sent(tmp_path, monkeypatch):
    """A proxy of the environment is wanted, a stray password is not."""
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with ScriptedServer(answer(200, [])) as server:
        with client_of(server.url) as client:
            client._transport._wire._session.trust_env = True
            client.dossiers()
    assert not [r for r in server.requests if "authorization" in r.headers]


def test_loopback_is_reached_without_a_proxy(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with ScriptedServer(answer(200, [])) as server:
        with client_of(server.url) as client:
            assert client.dossiers() == []


def test_account_numbers_keep_only_their_ends():
    """Z.22: a support mode tells which account, not its number."""
    assert without_ibans('"iban":"BE71096123456769",') == '"iban":"BE71•••6769",'
    assert without_ibans("BE71 0961 2345 6769") == "BE71••• 6769"
    assert without_ibans("be71 0961-2345-6769") == "be71•••-6769"
    other = '{"comment": "INV/2026/00012", "vatNr": "BE0477.472.701"}'
    assert without_ibans(other) == other
