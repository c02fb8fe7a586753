"""Z.16: tokens of the accountant's page, and where it is opened from."""

from email import message_from_bytes
from email.message import EmailMessage

import pytest

from octopus_connector.core.accountant_access import (
    coarse,
    digest_of,
    file_without_tokens,
    is_same,
    new_token,
    without_tokens,
)


def test_z16_a_token_has_256_bits_and_is_another_each_time():
    tokens = {new_token() for _time in range(100)}
    assert len(tokens) == 100
    # 32 bytes, in an alphabet of 64.
    assert {len(token) for token in tokens} == {43}
    assert all(token.isascii() and "/" not in token for token in tokens)


def test_z16_the_digest_tells_nothing_of_the_token():
    token = new_token()
    digest = digest_of(token)
    assert token not in digest
    assert digest == digest_of(token)
    assert digest != digest_of(new_token())
    assert is_same(digest, digest_of(token))
    assert not is_same(digest, digest_of(token[:-1]))


@pytest.mark.parametrize("sent", ["", "\ud800", "é" * 1000, "../..", "%00"])
def test_z16_whatever_is_sent_has_a_digest(sent):
    assert len(digest_of(sent)) == 64


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2::99", "2001:db8:1::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        ("unknown", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_z16_an_address_is_kept_as_its_network(address, network):
    assert coarse(address) == network


@pytest.mark.parametrize("slash", ["/", "%2F", "%2f", "%252F"])
def test_z16_a_quoted_token_is_taken_out(slash):
    path = slash.join(("https:", "", "odoo.example", "octopus", "accountant", "71001"))
    text = f'<a href="{path}{slash}{new_token()}?lang=nl">Open</a> and the rest'
    kept = f'<a href="{path}{slash}your-link?lang=nl">Open</a> and the rest'
    assert without_tokens(text, "your-link") == kept
    assert without_tokens(kept, "your-link") == kept


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "7bit"])
def test_z16_a_token_in_an_attached_mail_is_taken_out(encoding):
    token = new_token()
    address = f"https://odoo.example/octopus/accountant/71001/{token}?lang=nl"
    mail = EmailMessage()
    mail.set_content(f"{'Before. ' * 5}{address} After.", cte=encoding)
    outer = EmailMessage()
    outer.set_content("See below.")
    outer.add_attachment(mail)
    kept = file_without_tokens(bytes(outer))
    [inner] = [
        part.get_payload(decode=True)
        for part in message_from_bytes(kept).walk()
        if b"Before." in (part.get_payload(decode=True) or b"")
    ]
    assert address.replace(token, "-" * len(token)).encode() in inner
    assert file_without_tokens(kept) == kept


def test_z16_other_files_stay_as_they_are_and_as_long():
    token = new_token()
    pdf = f"%PDF (https://odoo.example/octopus/accountant/7/{token}) end".encode()
    kept = file_without_tokens(pdf + b"\xff\x00")
    assert kept == pdf.replace(token.encode(), b"-" * len(token)) + b"\xff\x00"
    for begin in (b"PK\x03\x04\xff", b"Subject: \xff", b""):
        other = begin + b"\n\noctopus/accountant/ of nobody"
        assert file_without_tokens(other) == other
