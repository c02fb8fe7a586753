"""The company that tests share: Odoo's own test company with the Belgian chart.

Loading a chart takes seconds, more than most classes of tests take themselves. So one
company is made before the tests, in the database that theirs are copied from
(``Databases.for_tests``); a class takes it as if it had made it. What a class and its
tests change in it is rolled back with their transaction.
"""

import json
from unittest.mock import patch

import odoo
from odoo import api
from odoo.models import BaseModel
from odoo.tests import TransactionCase, tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.base.tests.common import BaseCommon

PARAMETER = "octopus_connector.test_company"


@tagged("standard", "post_install", "-at_install")
class CompanyCase(AccountTestInvoicingCommon):
    """All that ``AccountTestInvoicingCommon`` sets up for Belgium, taken instead of
    made: ``env``, ``company_data``, ``partner_a``, ``tax_sale_a`` and the others."""

    country_code = "BE"

    @classmethod
    def setUpClass(cls):
        # What lies between would make a company.
        super(BaseCommon, cls).setUpClass()
        text = cls.env["ir.config_parameter"].get_param(PARAMETER)
        assert text, "No company is prepared in this database: run ./dev test."
        made = json.loads(text)
        cls.env = api.Environment(cls.cr, made["uid"], made["context"])
        for name, value in made["attributes"].items():
            setattr(cls, name, _decode(cls.env, value))


def prepare():
    """Make the company in the database that Odoo was started with, and commit it."""
    # Odoo installs modules for a new company unless a test makes it.
    with patch.object(odoo.modules.module, "current_test", _Maker("run")):
        _make()


def _make():
    try:
        _Maker.setUpClass()
        attributes = {
            name: _encode(name, value)
            for name, value in vars(_Maker).items()
            if name not in _Maker.before
        }
        made = {
            "uid": _Maker.env.uid,
            "context": dict(_Maker.env.context),
            "attributes": attributes,
        }
        parameters = _Maker.env["ir.config_parameter"].sudo()
        parameters.set_param(PARAMETER, json.dumps(made))
        _Maker.env.flush_all()
        # A class of tests refuses on its own cursor what would outlive it.
        type(_Maker.cr).commit(_Maker.cr)
    finally:
        _Maker.doClassCleanups()
    if _Maker.tearDown_exceptions:
        raise _Maker.tearDown_exceptions[0][1]


def _encode(name, value):
    """Return an attribute of the class as JSON can hold it.

    :raises TypeError: when it cannot be taken from a database
    """
    if isinstance(value, BaseModel):
        env = value.env
        assert env.uid == _Maker.env.uid, name
        context = dict(env.context)
        return {"records": [value._name, value.ids, env.su, context]}
    if isinstance(value, dict):
        return {"dict": {key: _encode(name, item) for key, item in value.items()}}
    if value is None or isinstance(value, int | str):
        return {"plain": value}
    raise TypeError(f"{name} = {value!r} is nothing that a database can keep.")


def _decode(env, value):
    """Return what :func:`_encode` was given, in an environment of the same user."""
    [(kind, content)] = value.items()
    if kind == "records":
        model, ids, su, context = content
        return env(su=su, context=context)[model].browse(ids)
    if kind == "dict":
        return {key: _decode(env, item) for key, item in content.items()}
    return content


class _Start(TransactionCase):
    """What is below the makers of the company: it notes what these find."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.before = {"before", *vars(cls)}


class _Maker(AccountTestInvoicingCommon, _Start):
    """Makes the company in Odoo's own way."""

    country_code = "BE"
