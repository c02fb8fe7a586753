"""One family of errors (architecture.md §6, api.md §3.3)."""

import pytest

from octopus_connector.api import (
    Kind,
    OctopusError,
    OctopusInvalidRequest,
    OctopusJournalLocked,
    OctopusNotNow,
    OctopusRefused,
    ReturnCode,
)
from octopus_connector.api.errors import CLASS_OF_CODE, class_for_code


def family(cls=OctopusError):
    for child in cls.__subclasses__():
        yield child
        yield from family(child)


def test_every_kind_has_its_class():
    assert {cls.kind for cls in family()} == set(Kind)


def test_codes_are_complete():
    """api.md §3.3: 0 to -79, without a gap."""
    assert sorted(ReturnCode, reverse=True) == list(range(0, -80, -1))
    assert set(CLASS_OF_CODE) <= set(ReturnCode)


@pytest.mark.parametrize("code", [-13, -14, -15, -16, -21, -22, -23, -24, -75, -4711])
def test_codes_that_refuse(code):
    assert class_for_code(code) is OctopusRefused


def test_open_journal_is_not_now():
    """X.4"""
    assert class_for_code(-12) is OctopusJournalLocked
    assert issubclass(OctopusJournalLocked, OctopusNotNow)
    assert class_for_code(-11) is OctopusRefused


def test_error_says_what_it_knows():
    assert str(OctopusRefused()) == "refused"
    assert str(OctopusRefused("nee", code=0)) == "code 0 · nee"
    assert isinstance(OctopusInvalidRequest("x"), ValueError)
