import base64
import binascii
from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..core.sheet import SheetError, read, write
from ..prepare.mapping_sheet import (
    ACCEPTED,
    KINDS,
    STATE,
    Refused,
    filename,
    sheets_of,
)
from .octopus_mapping_sheet_line import CHANGED, NEW, REFUSED, SAME

LIMIT = 5_000_000
FOUND = ("kind", "row", "name", "result", "told")


class _Undo(Exception):
    """What was tried is taken back."""


class OctopusMappingSheet(models.TransientModel):
    """The mappings of a company as a spreadsheet: taken out, and put in after a look at
    what it would change."""

    _name = "octopus.mapping.sheet"
    _description = "Mappings as a spreadsheet"
    _inherit = ["octopus.dialog.mixin"]
    _answers = ("upload", "upload_name")

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        help="The company whose mappings these are.",
    )
    dossier_id = fields.Many2one(related="company_id.octopus_dossier_id")
    data = fields.Binary(
        string="Download",
        readonly=True,
        attachment=False,
        help="The mappings as they are now: taxes, accounts, cost centres, journals,"
        " and journals of single bookyears.",
    )
    filename = fields.Char(readonly=True, help="Name of the file.")
    upload = fields.Binary(
        string="File to put in",
        attachment=False,
        help="A file that was downloaded here, in another branch or in another"
        " database, maybe filled in further. Rows that it does not have stay as they"
        " are.",
    )
    upload_name = fields.Char(help="Name of the file.")
    line_ids = fields.One2many(
        "octopus.mapping.sheet.line",
        "sheet_id",
        readonly=True,
        help="What each row of the file would change.",
    )
    summary = fields.Char(
        compute="_compute_summary", help="How many rows would change something."
    )
    has_changes = fields.Boolean(
        compute="_compute_summary", help="Whether the file would change something."
    )

    @api.depends("line_ids.result")
    def _compute_summary(self):
        labels = dict(self.line_ids._fields["result"]._description_selection(self.env))
        for sheet in self:
            counts = Counter(sheet.line_ids.mapped("result"))
            sheet.has_changes = bool(counts[NEW] or counts[CHANGED])
            sheet.summary = " · ".join(
                f"{label}: {counts[result]}" for result, label in labels.items()
            )

    @api.model
    def action_open(self):
        """Open the spreadsheet of the current company."""
        settings = self.env.company.octopus_settings()
        if not settings.octopus_dossier_id:
            raise UserError(
                self.env._("No company here is linked to an Octopus dossier.")
            )
        self.check_access("read")
        settings.with_env(self.env).octopus_check_companies()
        return self._open_dialog(
            self.env._("Mappings as a spreadsheet"),
            {
                "company_id": settings.id,
                "filename": filename(settings),
                "data": base64.b64encode(write(sheets_of(settings.with_env(self.env)))),
            },
        )

    # Looking

    def action_preview(self):
        """Show what the file would change; nothing is changed yet."""
        self.ensure_one()
        self.check_access("write")
        self._keep_lines(self._look())
        return self._again()

    def _keep_lines(self, found):
        lines = self.sudo().line_ids
        lines.unlink()
        lines.create([{"sheet_id": self.id, **line} for line in found])

    def _again(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Mappings as a spreadsheet"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _look(self):
        """Return what the file would change, row by row, by trying it out."""
        self._settings().octopus_check_companies()
        found = []
        try:
            with self.env.cr.savepoint():
                found, _changed = self._take()
                raise _Undo
        except _Undo:
            return found

    def action_apply(self):
        """Change what was shown; when it is no longer what was shown, show it anew."""
        self.ensure_one()
        self.check_access("write")
        self._settings().octopus_check_companies()
        shown = [{name: line[name] or "" for name in FOUND} for line in self.line_ids]
        if not shown or _sorted(shown) != _sorted(self._look()):
            return self.action_preview()
        _found, changed = self._take()
        self._follow(changed)
        counts = Counter(line["result"] for line in shown)
        return self._told(counts[NEW] + counts[CHANGED], counts[REFUSED])

    def _told(self, changed, refused):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if refused else "success",
                "title": self.env._("Mappings taken over: %(count)s", count=changed),
                "message": self.env._("Refused: %(count)s", count=refused)
                if refused
                else "",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _settings(self):
        """Return the company, for who is asking."""
        return self.company_id.sudo().with_env(self.env)

    def _take(self):
        """Take the file over; a rehearsal does not follow each row.

        :return: what became of each row, and the rows that were made or changed, of
            each model
        """
        settings = self._settings().with_context(octopus_follow_later=True)
        found, changed = [], []
        sheets = self._rows()
        for Kind in KINDS:
            taking = _Taking(Kind(settings))
            found += taking.all(sheets.get(Kind.title, ()))
            changed.append(taking.changed)
        return found, changed

    def _follow(self, changed):
        """Have a rehearsal look anew, once for each kind of mapping."""
        for records in changed:
            if "state" in records:
                mappings = records.exists().with_env(self.env)
                accepted = mappings.filtered(lambda it: it.state == ACCEPTED)
                self.env["octopus.rehearsal"].follow(accepted)

    def _rows(self):
        try:
            content = base64.b64decode(self.upload or b"", validate=False)
            if len(content) > LIMIT:
                raise SheetError("size")
            sheets = read(content)
        except (SheetError, binascii.Error) as error:
            raise UserError(
                self.env._("This file cannot be read as a spreadsheet (.xlsx).")
            ) from error
        if not {Kind.title for Kind in KINDS} & sheets.keys():
            raise UserError(
                self.env._(
                    "No sheet of this file has mappings. Take a file that was"
                    " downloaded here."
                )
            )
        return sheets


class _Taking:
    """Takes the rows of one sheet over, each by itself.

    :param kind: ``prepare.mapping_sheet.SheetKind``
    """

    def __init__(self, kind):
        self.kind = kind
        self.env = kind.env
        self.existing = kind.existing()
        self.seen = set()
        # What was made or written, even if it was refused then.
        self.changed = kind.records

    def all(self, rows):
        return [self._one(number, row) for number, row in rows]

    def _one(self, number, row):
        name = " ".join(filter(None, (row.get(key) for key in self.kind.keys)))
        line = {"kind": self.kind.title, "row": number, "name": name or "–"}
        try:
            with self.env.cr.savepoint():
                result, told = self._taken(row)
        except (Refused, ValidationError, UserError) as error:
            result, told = REFUSED, str(error)
        return {**line, "result": result, "told": told}

    def _taken(self, row):
        key = self.kind.key(row)
        if key in self.seen:
            raise Refused(self.env._("The file has this row twice."))
        result = self._decide(row, key)
        self.seen.add(key)
        return result

    def _decide(self, row, key):
        record = self.existing.get(key)
        if self.kind.is_empty(row):
            return SAME, self.env._("Nothing is chosen in this row.")
        values = self.kind.chosen(row, key)
        if not record:
            made = self.kind.records.create({**self.kind.owner(key), **values})
            self.changed |= made
            return NEW, self._changes({}, self.kind.as_row(made))
        if not self._changes_something(record, row, values):
            return SAME, ""
        before = self.kind.as_row(record)
        record.write(values)
        self.changed |= record
        return CHANGED, self._changes(before, self.kind.as_row(record))

    def _changes_something(self, record, row, values):
        """Whether a row decides something: another choice, or one that nobody accepted
        here yet."""
        if self.kind.differing(record, values):
            return True
        decided = row.get(STATE, "").lower() == ACCEPTED
        return decided and "state" in record and record.state != ACCEPTED

    def _changes(self, before, after):
        """Return what is otherwise, in words: VAT code: 21 → 06."""
        return "; ".join(
            f"{heading}: {before[heading] or '–'} → {text or '–'}"
            if before
            else f"{heading}: {text}"
            for heading, text in after.items()
            if heading not in self.kind.keys and heading not in self.kind.about
            if text != before.get(heading, "")
        )


def _sorted(lines):
    return sorted(lines, key=lambda line: (line["kind"], line["row"]))
