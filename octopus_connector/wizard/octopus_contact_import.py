import time

from odoo import api, fields, models

from ..notification import notification
from ..prepare.matching import DOUBTFUL, THERE
from ..sync.import_contacts import BATCH, ContactImport, counts_of

# Somebody waits: what there is no time for is done by the scheduled action.
SECONDS = 20


class OctopusContactImport(models.TransientModel):
    """Show what an import of relations that only Octopus has would add to Odoo."""

    _name = "octopus.contact.import"
    _description = "Import Contacts from Octopus"
    _inherit = ["octopus.dialog.mixin"]

    dossier_id = fields.Many2one("octopus.dossier", readonly=True)
    row_ids = fields.Many2many(
        "octopus.matching.row",
        string="Contacts to add",
        readonly=True,
        help="Relations that look like no contact.",
    )
    count = fields.Integer(
        string="Contacts", readonly=True, help="How many contacts would be added."
    )
    companies = fields.Integer(readonly=True, help="So many of them are companies.")
    people = fields.Integer(readonly=True, help="So many of them are persons.")
    numbers = fields.Integer(
        string="With a VAT number",
        readonly=True,
        help="So many have a VAT number that Odoo accepts; another one is kept as a"
        " note on the contact.",
    )
    doubtful = fields.Integer(
        string="Not added, doubtful",
        readonly=True,
        help="Relations that look like a contact: they are not added before somebody"
        " said that they are another party.",
    )

    @api.model
    def _open(self, rows):
        """Return the action that shows what would be added.

        :param rows: ``octopus.matching.row`` in sudo, of one dossier
        """
        dossier = rows.dossier_id[:1]
        rows = rows.filtered(lambda row: row.dossier_id == dossier)
        domain = [("dossier_id", "=", dossier.id), ("found_on", "=", DOUBTFUL)]
        doubtful = rows.search(domain).relation_id
        return self._open_dialog(
            self.env._("Import contacts from Octopus"),
            {
                "dossier_id": dossier.id,
                "row_ids": rows.ids,
                "count": len(rows),
                "doubtful": len(doubtful),
                **counts_of(dossier, rows),
            },
        )

    def action_import(self):
        """Add the contacts that are shown; what there is no time for goes on by
        itself."""
        self.ensure_one()
        rows = self.row_ids._decidable(THERE)
        if not rows:
            return {"type": "ir.actions.act_window_close"}
        self.env["res.partner"].check_access("create")
        rows.write(
            {
                "decision": "import",
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
            }
        )
        made, ends = 0, time.monotonic() + SECONDS
        importer = ContactImport(self.env)
        while rows and time.monotonic() < ends:
            made += importer.make(rows[:BATCH])
            rows = rows[BATCH:]
        off = self.env["octopus.matching"].wake() if rows else ""
        matching = self.env["octopus.matching"].of(self.dossier_id)
        matching.propose()
        failed = self.row_ids.sudo().exists().filtered("problem")
        title = self.env._("Added from Octopus: %(count)s contacts", count=made)
        told = [self.env._("They have the tag Octopus Import.")]
        if rows:
            told.append(
                off
                or self.env._(
                    "The other %(count)s follow by themselves.", count=len(rows)
                )
            )
        if failed:
            told.append(self.env._("Could not be added: %(count)s.", count=len(failed)))
        action = notification(
            "warning" if failed or off else "success",
            title,
            " ".join(told),
            bool(failed),
        )
        action["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return action
