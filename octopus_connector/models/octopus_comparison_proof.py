import base64
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core.both_sides import KINDS, SAME
from ..core.fingerprint import fingerprint
from ..core.frozen import changes, write_sheets
from ..prepare.frozen import content_of

REPORT = "octopus_connector.action_report_octopus_comparison_proof"
# A printed proof lists so many documents at most; the spreadsheet has all of them.
PRINTED = 2_000
# So many documents that changed are named.
NAMED = 50
SUMS = ("base", "vat", "total")


class OctopusComparisonProof(models.Model):
    """Periods of journals as both sides had them when somebody froze them.

    Nobody can change or delete anything of it. Its content has a fingerprint, so that a
    change around Odoo shows; and it is held against what the periods hold now.
    """

    _name = "octopus.comparison.proof"
    _description = "Octopus: Frozen Proof of Both Sides"
    _order = "frozen_at desc, id desc"

    name = fields.Char(string="Proof", required=True, readonly=True)
    dossier_id = fields.Many2one(
        "octopus.dossier", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_ids = fields.Many2many(
        "res.company",
        "octopus_comparison_proof_company_rel",
        "proof_id",
        "company_id",
        string="Companies",
        readonly=True,
        help="Those that booked in the dossier then.",
    )
    comparison_ids = fields.Many2many(
        "octopus.comparison",
        "octopus_comparison_proof_rel",
        "proof_id",
        "comparison_id",
        string="Journals and periods",
        readonly=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Frozen by",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    frozen_at = fields.Datetime(string="Frozen on", required=True, readonly=True)
    looked_at = fields.Datetime(string="Octopus looked at", readonly=True)
    told = fields.Text(string="Result", readonly=True)
    limits = fields.Char(string="What is not known", readonly=True)
    fingerprint = fields.Char(
        string="Fingerprint (SHA-256)", required=True, readonly=True
    )
    content = fields.Json(readonly=True, required=True, prefetch=False)
    currency_id = fields.Many2one("res.currency", readonly=True)
    row_count = fields.Integer(string="Documents", readonly=True, aggregator=None)
    open_count = fields.Integer(string="Not equal", readonly=True, aggregator=None)
    here_total = fields.Monetary(string="Odoo", readonly=True)
    there_total = fields.Monetary(string="Octopus", readonly=True)
    pdf = fields.Binary(string="PDF", readonly=True, attachment=True)
    pdf_name = fields.Char(readonly=True)
    xlsx = fields.Binary(string="Spreadsheet", readonly=True, attachment=True)
    xlsx_name = fields.Char(readonly=True)
    is_intact = fields.Boolean(
        string="Content has its fingerprint", compute="_compute_is_intact"
    )
    changed_count = fields.Integer(
        string="Changed since", compute="_compute_changes", aggregator=None
    )
    changes_text = fields.Text(
        string="What changed since", compute="_compute_changes", compute_sudo=False
    )

    # Nothing of it changes

    def write(self, vals):
        """Let the files of a new proof be kept; nothing else, by whomever.

        :raises UserError: something else is written
        """
        self.check_access("write")
        if not self.env.su or self.filtered("pdf_name"):
            raise UserError(
                self.env._("A frozen proof cannot be changed. Freeze the period anew.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        # What was frozen of a pretend Octopus proves nothing, and ends with its test.
        connections = self.sudo().dossier_id.connection_id
        pretend = connections and all(it.stays_here() for it in connections)
        if not pretend:
            raise UserError(self.env._("A frozen proof cannot be deleted."))

    # Freezing

    @api.model
    @api.private
    def freeze(self, headers):
        """Keep what periods hold on both sides, with a PDF and a spreadsheet.

        :param headers: ``octopus.comparison`` in the environment of who asks
        :return: the proof
        :raises AccessError: the user does not work in all companies of the dossier
        :raises UserError: not all of it can be shown now
        """
        headers.check_whole()
        headers = headers.exists()
        if not headers:
            raise UserError(self.env._("Nothing stands in these periods any more."))
        values = self._values(headers)
        proof = self.sudo().create(values).with_env(self.env)
        proof._keep_files()
        return proof

    def _values(self, headers):
        every = headers.sudo()
        content = content_of(every)
        dossier = headers.dossier_id
        now = fields.Datetime.now()
        looked = [header.looked_at for header in headers]
        dated = headers.with_context(octopus_dated=True)
        told = [f"{header.name}: {header.told}" for header in dated]
        rows = {
            row["key"]: row["kind"]
            for period in content["periods"]
            for row in period["rows"]
        }
        return {
            "name": ", ".join(headers.mapped("name")),
            "dossier_id": dossier.id,
            "company_ids": [fields.Command.set(dossier.booking_companies().ids)],
            "comparison_ids": [fields.Command.set(headers.ids)],
            "user_id": self.env.uid,
            "frozen_at": now,
            "looked_at": min(looked) if all(looked) else False,
            "told": "\n".join(told),
            "limits": headers[:1].limits,
            "fingerprint": fingerprint(content),
            "content": content,
            "currency_id": headers[:1].currency_id.id,
            "row_count": len(rows),
            "open_count": sum(kind not in SAME for kind in rows.values()),
            "here_total": sum(headers.mapped("here_total")),
            "there_total": sum(headers.mapped("there_total")),
        }

    def _keep_files(self):
        """Make the PDF and the spreadsheet: the only time that a proof is written."""
        reports = self.env["ir.actions.report"].sudo()
        pdf, kind = reports._render_qweb_pdf(REPORT, res_ids=self.ids)
        base = f"both-sides-{self.id}-{fields.Date.to_string(self.frozen_at)}"
        files = {
            "pdf": base64.b64encode(pdf),
            "pdf_name": f"{base}.{kind}",
            "xlsx": base64.b64encode(self._sheet()),
            "xlsx_name": f"{base}.xlsx",
        }
        self.sudo().write(files)

    def _sheet(self):
        pages = self.pages()
        return write_sheets(
            {
                self.env._("Proof"): ([self.env._("Proof"), self.name], self._facts()),
                self.env._("By VAT code"): self._code_rows(pages),
                self.env._("Documents"): self._document_rows(pages),
            }
        )

    def _facts(self):
        return [
            [self.env._("Dossier"), self.dossier_id.display_name],
            [self.env._("Companies"), ", ".join(self.company_ids.mapped("name"))],
            [self.env._("Frozen on (UTC)"), fields.Datetime.to_string(self.frozen_at)],
            [self.env._("Frozen by"), self.user_id.name],
            [
                self.env._("Octopus looked at (UTC)"),
                fields.Datetime.to_string(self.looked_at) if self.looked_at else "",
            ],
            [self.env._("Result"), self.told],
            [self.env._("What is not known"), self.limits or ""],
            [self.env._("Fingerprint (SHA-256)"), self.fingerprint],
            [
                self.env._("Amounts"),
                self.env._(
                    "Booking amounts in %(currency)s", currency=self.currency_id.name
                ),
            ],
        ]

    def _amount_headings(self):
        return [
            self.env._("Base in Odoo"),
            self.env._("VAT in Odoo"),
            self.env._("Total in Odoo"),
            self.env._("Base in Octopus"),
            self.env._("VAT in Octopus"),
            self.env._("Total in Octopus"),
        ]

    def _code_rows(self, pages):
        headings = [self.env._("Journal and period"), self.env._("VAT code")]
        rows = [
            [page["name"], one["code"], *_amounts(one)]
            for page in pages
            for one in page["codes"]
        ]
        return [*headings, *self._amount_headings()], rows

    def _document_rows(self, pages):
        headings = [
            self.env._("Journal and period"),
            self.env._("Result"),
            self.env._("Number in Odoo"),
            self.env._("Number in Octopus"),
            self.env._("Contact"),
            self.env._("Date"),
            self.env._("VAT code"),
        ]
        rows = [
            [
                page["name"],
                row["kind_text"],
                row["document"],
                row["octopus"],
                row["contact"],
                fields.Date.to_date(row["date"]) if row["date"] else None,
                one["code"],
                *_amounts(one),
            ]
            for page in pages
            for row in page["rows"]
            for one in row["codes"] or [{"code": ""}]
        ]
        return [*headings, *self._amount_headings()], rows

    # Showing

    @api.private
    def pages(self):
        """Return the content by period, with names and labels in the user's language.

        :return: ``[{"name": …, "sums": …, "codes": …, "rows": …, "unequal": …}]``
        """
        self.ensure_one()
        labels = self._labels()
        pages = []
        for period in self.content["periods"]:
            rows = [
                {**row, "kind_text": labels.get(row["kind"], row["kind"])}
                for row in period["rows"]
            ]
            unequal = [row for row in rows if row["kind"] not in SAME]
            bookyear, journal, number = period["place"]
            name = f"{journal} / {period['bookyear']} / {number}" if bookyear else "–"
            pages.append({**period, "name": name, "rows": rows, "unequal": unequal})
        return pages

    def _labels(self):
        field = self.env["octopus.comparison.row"]._fields["kind"]
        return dict(field._description_selection(self.env)) or dict(KINDS)

    @api.private
    def is_printed(self, page):
        """Whether a printed page lists all of its documents."""
        return len(page["rows"]) <= PRINTED

    @api.depends("content", "fingerprint")
    def _compute_is_intact(self):
        for proof in self:
            proof.is_intact = fingerprint(proof.content or {}) == proof.fingerprint

    @api.depends_context("lang")
    def _compute_changes(self):
        """Hold what was frozen against what the same periods hold now."""
        for proof in self:
            found = proof._changes()
            proof.changed_count = len(found)
            told = [proof._change_text(one) for one in found[:NAMED]]
            if len(found) > NAMED:
                told.append(self.env._("and %(count)s more", count=len(found) - NAMED))
            proof.changes_text = "\n".join(told)

    def _changes(self):
        # Who reads a proof reads all documents of the dossier.
        headers = self.sudo().comparison_ids
        present = content_of(headers.with_context(allowed_company_ids=None))
        return changes(self.content, present)

    def _change_text(self, change):
        labels = self._labels()
        row = change.row
        name = row["document"] or row["octopus"]
        if change.what == "added":
            return self.env._(
                "%(name)s: came since, %(here)s in Odoo, %(there)s in Octopus",
                name=name,
                here=row["here_total"],
                there=row["there_total"],
            )
        if change.what == "removed":
            return self.env._("%(name)s: is not in this period any more", name=name)
        before, now = change.before, change.now
        return self.env._(
            "%(name)s: was %(before)s (%(here_before)s / %(there_before)s), is"
            " %(now)s (%(here)s / %(there)s)",
            name=name,
            before=labels.get(before["kind"], before["kind"]),
            here_before=before["here_total"],
            there_before=before["there_total"],
            now=labels.get(now["kind"], now["kind"]),
            here=now["here_total"],
            there=now["there_total"],
        )


def _amounts(one):
    return [
        Decimal(one.get(f"{side}_{name}", "0"))
        for side in ("here", "there")
        for name in SUMS
    ]
