import re
from collections import defaultdict
from datetime import datetime

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import LazyTranslate, format_date, format_datetime

from ..core import codes
from ..core.codes import (
    ACCOUNTANT,
    ADMINISTRATOR,
    BLOCK,
    CODES,
    INFO,
    OCTOPUS,
    WAIT,
    WARN,
    YOU,
    FindingKind,
)
from ..core.matches import BOOKING_CURRENCY
from ..core.vat_period import first_day
from ..prepare.money_text import money_text

_lt = LazyTranslate(__name__)
PARAMETER = re.compile(r"%\(\w+\)s")

# Of a finding that a newer or an older version wrote down.
UNKNOWN = FindingKind(
    WARN,
    ADMINISTRATOR,
    _lt("Something that this version does not know: %(code)s"),
    _lt("Try again what it is about; if it stays, ask support."),
)

# Parts of the mirror (sync/refresh.py).
PARTS = {
    "bookyears": _lt("bookyears"),
    "journals": _lt("journals"),
    "bank_accounts": _lt("bank accounts of journals"),
    "accounts": _lt("ledger accounts"),
    "vat_codes": _lt("VAT codes"),
    "cost_centres": _lt("cost centres"),
    "relations": _lt("relations"),
}

PARTIES = {"client": _lt("customers"), "supplier": _lt("suppliers")}
WHO = {
    YOU: _lt("You"),
    ADMINISTRATOR: _lt("Administrator"),
    ACCOUNTANT: _lt("Accountant, in Octopus"),
    OCTOPUS: _lt("Nobody: it goes by itself"),
}

# Values that are amounts, where they are not counts.
AMOUNTS = ("amount", "difference", "here", "open", "sum", "there")
DIRECTIONS = {"sale": _lt("sales"), "purchase": _lt("purchases")}

# What is chosen in a mapping is chosen in a dialog, where one is.
IN_DIALOG = (
    "octopus.account.mapping",
    "octopus.cost.centre.mapping",
    "octopus.journal.mapping",
    "octopus.tax.mapping",
)
ICONS = {
    BLOCK: "fa-times-circle text-danger",
    WAIT: "fa-clock-o text-warning",
    WARN: "fa-exclamation-triangle text-warning",
    INFO: "fa-info-circle text-info",
}

# Codes whose records are best shown by an action of their own.
ACTIONS = {
    codes.CHANGES_ASKED: "octopus-contact-changes",
    codes.CHANGES_FAILED: "octopus-contact-changes-failed",
    codes.CONTACTS_FAILED: "octopus-contacts-failed",
    codes.NOT_SENT_BEFORE_VAT: "octopus-not-sent",
    codes.NEXT_BOOKYEAR_MISSING: "octopus-year-turn",
    codes.NEXT_BOOKYEAR_CLOSED: "octopus-year-turn",
    codes.NEXT_BOOKYEAR_JOURNALS: "octopus-year-turn",
    codes.NEXT_BOOKYEAR_ACCOUNTS: "octopus-year-turn",
}
# Model → path of the action that has a list and a form of its records.
PATHS = {
    "octopus.account.mapping": "octopus-accounts",
    "octopus.booking": "octopus-outbox",
    "octopus.bookyear": "octopus-bookyears",
    "octopus.connection": "octopus-connections",
    "octopus.cost.centre.mapping": "octopus-cost-centres",
    "octopus.dossier": "octopus-dossiers",
    "octopus.journal": "octopus-dossier-journals",
    "octopus.journal.entry": "octopus-bookings",
    "octopus.journal.mapping": "octopus-journals",
    "octopus.journal.year": "octopus-journal-years",
    "octopus.payment": "octopus-payments-to-send",
    "octopus.payment.plan": "octopus-payments-to-accept",
    "octopus.payment.question": "octopus-to-decide",
    "octopus.relation": "octopus-relations",
    "octopus.run": "octopus-runs",
    "octopus.tax.mapping": "octopus-vat-codes",
}
SETTINGS = "res.config.settings"
# The settings of Octopus alone: their administrators need not be those of Odoo.
SETTINGS_PATH = "octopus-settings"


def _who(code):
    """Return who can mend what a code stands for; of an unknown one, whoever can look
    into the logs."""
    return CODES.get(code, UNKNOWN).who


class OctopusFinding(models.AbstractModel):
    """Findings for people: who must do what, in the reader's language."""

    _name = "octopus.finding"
    _description = "Octopus Finding"

    def _texts(self, finding):
        """Return a stored finding as text.

        :param dict finding: what ``Finding.as_json`` gave
        :return: ``{"title", "who", "fix"}``, in the language of the environment
        """
        code = finding.get("code")
        kind = CODES.get(code, UNKNOWN)
        # A value that an older version did not store must not hide the finding.
        params = self._values(self._in_words(finding.get("params") or {}))
        values = defaultdict(
            lambda: "?", {"code": code, "currency": BOOKING_CURRENCY, **params}
        )
        title, fix = self.env._(kind.title), self.env._(kind.fix)
        return {
            "title": title % values,
            "who": self.env._(WHO[kind.who]),
            "fix": fix % values,
        }

    @api.private
    def title_and_fix(self, finding):
        """Return a stored finding as two texts: what it is, and what to do."""
        texts = self._texts(finding)
        return texts["title"], texts["fix"]

    @api.private
    def sentences(self, finding):
        """Return a stored finding as one text: what it is, and what to do."""
        texts = self._texts(finding)
        return f"{texts['title']} {texts['fix']}"

    def _causes(self):
        """Return each code with what it means, whatever the record: ``(code, text)``
        in the language of the environment, to group and filter by."""
        return [
            (code, PARAMETER.sub("…", self.env._(kind.title)))
            for code, kind in CODES.items()
        ]

    @api.private
    def said_by_octopus(self, finding):
        """Return what Octopus itself said of a stored finding whose own text leaves
        that out, in the reader's language where it is known; ``False`` otherwise.

        :param dict finding: what ``Finding.as_json`` gave
        """
        kind = CODES.get(finding.get("code"), UNKNOWN)
        params = finding.get("params") or {}
        # Of what passes by itself, the words are those of a server that is down.
        if "technical" not in params or kind.who == OCTOPUS:
            return False
        if "%(message)s" in f"{kind.title}{kind.fix}":
            return False
        return self._in_words(params)["message"] or False

    def _in_words(self, params):
        """Put what Octopus answered into the reader's language."""
        if "technical" not in params:
            return params
        answer = (params.get("code"), params.get("message"), params["technical"])
        return {**params, "message": self.env["octopus.error.text"]._in_words(*answer)}

    def _values(self, params):
        return {name: self._shown(name, value) for name, value in params.items()}

    def _shown(self, name, value):
        """Return a value of a finding as people read it; one that is not what its name
        says (another version stored it) as it is."""
        try:
            return self._value(name, value)
        except (ValueError, TypeError, AttributeError, OverflowError):
            return value

    def _value(self, name, value):
        if name == "kind":
            field = self.env["octopus.booking"]._fields["kind"]
            return dict(field._description_selection(self.env)).get(value, value)
        if name == "parts":
            return ", ".join(self.env._(PARTS.get(part, part)) for part in value)
        for known, texts in (("party", PARTIES), ("direction", DIRECTIONS)):
            if name == known and value in texts:
                return self.env._(texts[value])
        if name == "vat_period":
            return self.vat_period_text(value)
        if value and (name == "date" or name.endswith("_date")):
            return format_date(self.env, fields.Date.to_date(value))
        if value and name.endswith("_at"):
            moment = datetime.fromisoformat(value)
            return format_datetime(self.env, moment, dt_format="short")
        if name in AMOUNTS and isinstance(value, str):
            return money_text(self.env, value)
        if isinstance(value, list):
            return ", ".join(str(item) for item in value)
        return value

    @api.private
    def vat_period_text(self, value):
        """Return VAT returns, as ``core.vat_period`` names them, for people."""
        texts = []
        for vat_return in value.split("/"):
            day, quarter = first_day(vat_return), "Q" in vat_return
            pattern = "QQQ yyyy" if quarter else "MMMM yyyy"
            text = day and format_date(self.env, day, date_format=pattern)
            texts.append(text or vat_return)
        return " / ".join(texts)

    def _html(self, findings):
        """Return stored findings as a list with a link to what can be mended.

        :param list findings: what ``Finding.as_json`` gave, or ``None``
        :rtype: Markup, empty when there is nothing to tell
        """
        items = Markup().join(self._html_item(finding) for finding in findings or [])
        if not items:
            return Markup()
        return Markup('<ul class="list-unstyled mb-0 o_octopus_findings">%s</ul>') % (
            items
        )

    def _html_item(self, finding):
        texts = self._texts(finding)
        return Markup(
            '<li class="mb-1" data-code="%s"><i class="fa %s me-1" role="img"'
            ' aria-hidden="true"></i><b>%s</b>%s<br/>'
            '<span class="text-muted">%s</span>%s</li>'
        ) % (
            finding.get("code"),
            ICONS.get(finding.get("severity"), ICONS[WARN]),
            texts["title"],
            self._said_html(finding),
            self._advice(finding.get("code"), texts),
            self._link(finding),
        )

    def _said_html(self, finding):
        said = self.said_by_octopus(finding)
        if not said:
            return Markup()
        told = self.env._("Octopus says: %(text)s", text=said)
        return Markup('<br/><i class="o_octopus_said">%s</i>') % told

    def _advice(self, code, texts):
        """Return who must do what; where nobody must, the advice says so itself."""
        nobody = _who(code) == OCTOPUS
        return texts["fix"] if nobody else self.env._("%(who)s: %(fix)s", **texts)

    def _link(self, finding):
        """Return a link to the place where it is mended, if the reader may go there."""
        model, ids = finding.get("model"), finding.get("ids")
        if model == SETTINGS:
            return self._settings_link()
        if model not in self.env or not self.env[model].has_access("read"):
            return Markup()
        if finding.get("code") in ACTIONS:
            return self._anchor(ACTIONS[finding["code"]], self.env._("Open the list"))
        if not ids:
            return self._anchor(self._path(model), self.env._("Open the list"))
        record = self.env[model].browse(ids[0]).exists()
        if not record or not record.has_access("read"):
            return Markup()
        return self.link_to(record)

    def _settings_link(self):
        if not self.env["octopus.settings"].has_access("create"):
            return Markup()
        return self._anchor(SETTINGS_PATH, self.env._("Settings"))

    @api.private
    def action_of(self, finding):
        """Return the action of Odoo that opens the place where a stored finding is
        mended, ``False`` where there is none, or the reader may not go there.

        :param dict finding: what ``Finding.as_json`` gave
        """
        model, ids = finding.get("model"), finding.get("ids")
        if model == SETTINGS:
            return self._settings_action()
        if model not in self.env or not self.env[model].has_access("read"):
            return False
        if not ids:
            return self._list_action(model)
        records = self.env[model].browse(ids).exists()._filtered_access("read")
        target = "new" if model in IN_DIALOG and len(records) == 1 else "current"
        return bool(records) and records._get_records_action(target=target)

    def _settings_action(self):
        if not self.env["octopus.settings"].has_access("create"):
            return False
        return self.env["ir.actions.act_window"]._for_xml_id(
            "octopus_connector.action_octopus_settings"
        )

    def _list_action(self, model):
        """Return the action that lists a model; of a mapping, what is to decide."""
        if model in IN_DIALOG:
            return self.env[model].action_open_list()
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "views": [[False, "list"], [False, "form"]],
        }

    @api.private
    def link_to(self, record):
        """Return a link to a record, which opens in its place: ``Markup``."""
        path = self._path(record._name)
        return self._anchor(f"{path}/{record.id}", record.display_name)

    @api.model
    def _path(self, model):
        """Return where the web client shows records of a model."""
        return PATHS.get(model, model if "." in model else f"m-{model}")

    def _anchor(self, path, label):
        return Markup(' <a href="/odoo/%s" class="o_octopus_fix">%s</a>') % (
            path,
            label,
        )
