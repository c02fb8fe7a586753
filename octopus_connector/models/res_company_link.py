from odoo import models
from odoo.exceptions import UserError

from ..core.states import BOOKED, IN_FLIGHT, OPEN, SENT
from ..send.relink import move_to

# What travels to Octopus.
OUTBOXES = ("octopus.booking", "octopus.payment")


class ResCompany(models.Model):
    """Ending a link with a dossier, taking it up again, changing it.

    Nothing is ever forgotten by it: relations, mappings and the numbers of bookings
    stay where they are, and nothing is changed in Octopus.
    """

    # A large model is told in chapters.
    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    def write(self, vals):
        former = {}
        if vals.get("octopus_dossier_id"):
            chosen = self.env["octopus.dossier"].browse(vals["octopus_dossier_id"])
            former = {
                company: company.octopus_dossier_id
                for company in self.sudo()
                if company.octopus_dossier_id not in (chosen, chosen.browse())
            }
            for company, dossier in former.items():
                company._octopus_check_settled(dossier)
        written = super().write(vals)
        for company, dossier in former.items():
            company._octopus_take_along(dossier)
        return written

    def _octopus_rows(self, dossier, states, model="octopus.booking"):
        """Return the documents, or payments, of these settings in a dossier, by
        state."""
        self.ensure_one()
        return (
            self.env[model]
            .sudo()
            .search(
                [
                    ("company_id", "in", self._octopus_companies_below().ids),
                    ("dossier_id", "=", dossier.id),
                    ("state", "in", states),
                ]
            )
        )

    def _octopus_companies_below(self):
        """Return the companies with these settings, also while they are off."""
        return self.sudo().search([("octopus_settings_company_id", "=", self.id)])

    def _octopus_check_settled(self, dossier):
        """Let no answer get lost that is still to come.

        :raises UserError: a document or payment was sent there, and has no answer yet
        """
        for model in OUTBOXES:
            travelling = self._octopus_rows(dossier, IN_FLIGHT, model)
            if not travelling:
                continue
            raise UserError(
                self.env._(
                    "Whether %(documents)s arrived in %(dossier)s is not known yet."
                    " Wait for the answer, then change the dossier.",
                    documents=", ".join(travelling[:5].mapped("document_name")),
                    dossier=dossier.display_name,
                )
            )

    def _octopus_take_along(self, former):
        """Let what was not sent yet go to the new dossier, once somebody asks for it;
        what is booked stays in the former one."""
        for model in OUTBOXES:
            rows = self._octopus_rows(former, (*OPEN, "excluded"), model)
            move_to(rows, self.octopus_dossier_id)

    def _octopus_change_text(self, dossier):
        """Return what a change to another dossier means, for who must decide; nothing
        when nothing was done in the former one."""
        former = self.sudo().octopus_dossier_id
        if not former or former == dossier:
            return ""
        booked = len(self._octopus_rows(former, SENT))
        waiting = len(self._octopus_rows(former, OPEN))
        if not booked and not waiting:
            return ""
        return self.env._(
            "%(booked)s documents are booked in %(former)s: they stay there, are shown"
            " with their number there, and are not sent again. %(waiting)s documents"
            " that were not sent yet will go to %(dossier)s when you ask for it.",
            booked=booked,
            waiting=waiting,
            former=former.display_name,
            dossier=dossier.display_name,
        )

    def _octopus_link(self, dossier):
        """Take up a link that was ended where it was, after reading what changed.

        :raises AccessError: the company is not the user's, or the dossier another's
        """
        self._octopus_check_companies()
        dossier = dossier.with_env(self.env)
        dossier.check_access("read")
        back = not self.octopus_enabled and dossier == self.sudo().octopus_dossier_id
        missed = dossier._refresh() if back and dossier.refreshed_at else []
        findings = super()._octopus_link(dossier)
        if back:
            self._octopus_rows(dossier, BOOKED).note_reposted()
        return missed + findings

    def _octopus_disconnect(self, forget_login=False):
        """Send and read nothing more for this company; keep everything.

        :param forget_login: also erase password and software-house ID of the
            connection, unless another company works with it
        """
        self.ensure_one()
        self._octopus_check_companies()
        dossier = self.sudo().octopus_dossier_id
        if forget_login:
            dossier.connection_id.with_env(self.env).check_access("write")
        self._octopus_write_settings({"octopus_enabled": False})
        dossier._message_log(
            body=self.env._("%(company)s was disconnected.", company=self.name)
        )
        connection = dossier.connection_id
        others = [
            ("connection_id", "=", connection.id),
            ("active", "in", (True, False)),
        ]
        if forget_login and not dossier.search(others).filtered(
            lambda other: other._is_used()
        ):
            connection._forget_login()

    def action_octopus_disconnect(self):
        """Ask whether the link may end."""
        self.ensure_one()
        return self.env["octopus.disconnect"]._open_for(
            self.octopus_settings_company_id
        )
