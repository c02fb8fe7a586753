"""One row of each model of the addon, about one posted invoice.

A required field that has no default is filled by its type; what is more particular
stands in ``VALUES``. A model of which no row can be made is an error: say here how.
"""

from datetime import date

from odoo import fields
from odoo.fields import Command

from odoo.addons.octopus_connector.core import codes
from odoo.addons.octopus_connector.core.findings import Finding


def open_line(move):
    """Return the line of a document or payment that is to be reconciled."""
    kinds = ("asset_receivable", "liability_payable")
    return move.line_ids.filtered(lambda line: line.account_type in kinds)[:1].id


# Values by model that a type alone does not tell; names of models stand for their row.
VALUES = {
    "octopus.balancing": {
        "debit_booking_id": "octopus.booking",
        "plan_id": "octopus.payment.plan",
    },
    "octopus.booking": {"move_id": "account.move"},
    "account.partial.reconcile": {
        "amount": 0.01,
        "credit_amount_currency": 0.01,
        "credit_move_id": lambda rows: open_line(rows["account.payment"].move_id),
        "debit_amount_currency": 0.01,
        "debit_move_id": lambda rows: open_line(rows["account.move"]),
    },
    "octopus.accountant.look": {"link_id": "octopus.accountant.link"},
    # A user of its own would be one of the contact that the other rows are about.
    "octopus.authorization": {"user_id": lambda rows: rows.env.uid},
    "octopus.bookyear.journal": {"other_id": "octopus.journal:2"},
    "octopus.call": {"dossier_number": lambda rows: rows["octopus.dossier"].octopus_id},
    "octopus.comparison.amount": {"code": "<b>x</b>", "company_id": "res.company"},
    "octopus.comparison.proof": {
        "company_ids": lambda rows: [Command.set(rows["res.company"].ids)],
        "content": lambda rows: {"periods": []},
    },
    "octopus.comparison.row": {
        "anchor": "move",
        "company_id": "res.company",
        "kind": "to_send",
        "move_id": "account.move",
    },
    "octopus.contact.change": {"way": "to"},
    "octopus.contact.import": {
        "dossier_id": "octopus.dossier",
        "row_ids": lambda rows: [Command.set(rows["octopus.matching.row"].ids)],
    },
    "octopus.matching.row": {"partner_id": "res.partner"},
    "octopus.difference": {
        "booking_ids": lambda rows: [Command.set(rows["octopus.booking"].ids)]
    },
    "octopus.exclude": {
        "move_ids": lambda rows: [Command.set(rows["account.move"].ids)]
    },
    "octopus.new.bookyear": {
        "form_ref": lambda rows: f"octopus.check.list,{rows['octopus.check.list'].id}"
    },
    "octopus.new.journal": {
        "form_ref": lambda rows: f"octopus.check.list,{rows['octopus.check.list'].id}"
    },
    "octopus.pause": {
        "dossier_ids": lambda rows: [Command.set(rows["octopus.dossier"].ids)]
    },
    "octopus.payment": {"move_id": lambda rows: rows["account.payment"].move_id.id},
    "octopus.payment.ignore": {
        "question_ids": lambda rows: [Command.set(rows["octopus.payment.question"].ids)]
    },
    "octopus.payment.question": {
        "balancing_id": "octopus.balancing",
        "code": "no_dossier",
        "finding": lambda rows: {
            "code": "no_dossier",
            "severity": "info",
            "params": {},
            "model": None,
            "ids": [],
        },
    },
    "octopus.run": {"dossier_id": "octopus.dossier"},
    "octopus.withdraw": {
        "move_ids": lambda rows: [Command.set(rows["account.move"].ids)]
    },
}

# Models that show rows of others, and what makes such a row one of theirs.
SHOWN = {
    "octopus.reopen": (
        "octopus.booking",
        {"queued": True, "state": "waiting", "cause": "period_protected"},
    )
}


def cause_of(rows):
    """Return what stops a document, a row of a query."""
    values = {**rows.values("octopus.booking"), "move_id": False}
    finding = Finding(codes.KIND_WITHOUT_JOURNAL, {"kind": "out_invoice"})
    rows.env["octopus.booking"].create(values).hold("blocked", [finding])
    return rows.env["octopus.cause"].search([], limit=1)


# Models whose rows follow from others.
MADE_OF = {"octopus.cause": cause_of}


class Rows(dict):
    """{model: its row}, in sudo; a row is made when it is asked for first.

    Rows of Odoo's models, and of the mirror, are given; see ``MatrixCase``.
    """

    def __init__(self, env, known):
        super().__init__(known)
        self.env = env(su=True)

    def __missing__(self, model):
        if model in MADE_OF:
            row = MADE_OF[model](self)
        elif self.env[model]._auto:
            row = self.env[model].create(self.values(model))
        else:
            row = self._shown(model)
        self[model] = row
        return row

    def _shown(self, model):
        """Return a row of a model that shows rows of another one."""
        of, values = SHOWN[model]
        self[of].write(values)
        self.env.flush_all()
        return self.env[model].search([], limit=1)

    def again(self, model, names):
        """Return values for ``create`` of a row like the one that is there.

        :param names: the fields that a client may fill in
        """
        row = self[model]
        if row._transient:
            return self.values(model)
        return {
            name: row._fields[name].convert_to_write(row[name], row)
            for name in names
            if row._fields[name].type not in ("one2many", "many2many")
        }

    def values(self, model):
        """Return values for ``create`` of a row of a model."""
        particular = VALUES.get(model, {})
        needed = [
            name
            for name, field in self.env[model]._fields.items()
            if field.store and field.required and not field.compute
        ]
        defaults = self.env[model].default_get(needed)
        values = {
            name: self._sample(self.env[model]._fields[name])
            for name in needed
            if name not in defaults and name not in particular
        }
        return {
            **values,
            **{name: self._particular(value) for name, value in particular.items()},
        }

    def _particular(self, value):
        if callable(value):
            return value(self)
        if isinstance(value, str) and value.split(":")[0] in self.env:
            return self[value].id
        return value

    def _sample(self, field):
        """Return a value for a field by its type."""
        if field.type == "many2one":
            return self[field.comodel_name].id
        if field.type == "selection":
            return next(iter(dict(field._description_selection(self.env))))
        samples = {
            "char": "Sample",
            "date": date(2026, 3, 10),
            "datetime": fields.Datetime.now(),
            "integer": 1,
            "text": "Sample",
        }
        return samples[field.type]
