"""Every Html field: computed when it is shown, and what comes from outside is text."""

from odoo.addons.octopus_connector.core.codes import CODES
from odoo.addons.octopus_connector.models.octopus_finding import PARAMETER

from . import policy, surface

# Harmless, and seen at once where it is taken for HTML.
MARKER = "<b>x</b>"
ESCAPED = "&lt;b&gt;x&lt;/b&gt;"
# Values that texts spell out, by their name or its end; others are shown as they are.
SPELLED = {
    "_at": "2026-03-10T12:00:00",
    "date": "2026-03-10",
    "direction": "sale",
    "kind": "out_invoice",
    "party": "client",
    "vat_period": "2026-Q1",
}


def marked(code):
    """Return a finding as it is stored, with a marker in each of its values."""
    texts = (CODES[code].title, CODES[code].fix)
    names = {found[2:-2] for text in texts for found in PARAMETER.findall(text)}
    spelled = {
        name: value
        for name in names
        for end, value in SPELLED.items()
        if name.endswith(end)
    }
    return {
        "code": code,
        "severity": "warn",
        "params": {**dict.fromkeys(names, MARKER), **spelled},
        "model": None,
        "ids": [],
    }


class HtmlChecks:
    def test_html_is_computed(self):
        """None is stored, none can be written: nobody's HTML reaches another's page."""
        for model, names in surface.html_fields(self.env).items():
            for name in sorted(names):
                field = self.env[model]._fields[name]
                self.note(f"{model}.{name}: stored", False, bool(field.store))
                self.note(f"{model}.{name}: is computed", True, bool(field.compute))
                self.note(f"{model}.{name}: has an inverse", False, bool(field.inverse))
                self.note(f"{model}.{name}: is read-only", True, bool(field.readonly))
        self.assert_all_right()

    def test_findings_are_text(self):
        """The one place that makes HTML of findings escapes each value of each."""
        texts = self.env["octopus.finding"]
        shown = 0
        for code in CODES:
            html = str(texts._html([marked(code)]))
            self.note(f"{code} as HTML: {html}", False, MARKER in html)
            shown += ESCAPED in html
        self.assertGreater(shown, len(CODES) / 2)
        self.assert_all_right()

    def test_fields_show_text(self):
        """Each Html field, with a marker in what it tells: shown as text."""
        self.mark_names()
        for model, fields in policy.HTML.items():
            row = self.rows[model].sudo()
            for name, source in fields.items():
                if source:
                    self.mark(row, source)
                html = str(row[name] or "")
                self.note(
                    f"{model}.{name} takes as HTML: {html}", False, MARKER in html
                )
                if source != policy.NO_NAMES:
                    told = ESCAPED in html
                    self.note(f"{model}.{name} shows as text: {html}", True, told)
        self.assert_all_right()

    def mark(self, row, source):
        """Store a finding with markers where a field takes what it tells."""
        *path, name = source.split(".")
        holder = row.mapped(".".join(path)) if path else row
        finding = marked("login_rejected")
        one = name in ("problem",)
        holder[name] = finding if one else [finding]
        if "cause" in holder._fields:
            # Some show only the finding that decides.
            holder.cause = "login_rejected"
        if holder._name in ("octopus.booking", "octopus.payment"):
            # What is ready is stopped by nothing, and tells nothing of before.
            holder.state = "blocked"

    def mark_names(self):
        """Let what findings name have the marker as its name, and be in trouble."""
        self.partner_a.write({"name": MARKER, "country_id": False, "vat": False})
        # Who has a journal to choose is told which are not offered.
        self.rows["res.company"].octopus_out_invoice_journal_id = False
        journal = self.rows["octopus.dossier"].journal_ids.filtered(
            lambda row: row.type == "V"
        )[:1]
        journal.write({"name": MARKER, "insertion_type": 2})
        self.rows["octopus.dossier"].shadow = True
        self.rows["octopus.setup"].state = "checks"
        self.rows["octopus.connection"].write({"name": MARKER, "state": "rejected"})
