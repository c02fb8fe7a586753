from odoo import api, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.constrains("octopus_dossier_id")
    def _check_octopus_test(self):
        """Let no real document go to the pretend Octopus: the test company books
        there, and no other one."""
        tests = self.env["octopus.sandbox"]._current()
        for company in self.sudo() if tests else ():
            dossier = company.octopus_dossier_id
            tried = tests.company_id in company.parent_ids
            if dossier and dossier.is_test != tried:
                raise ValidationError(
                    self.env._(
                        "Test mode is on: only %(company)s books in the test dossier,"
                        " and nowhere else. End test mode first, under Octopus › Try"
                        " it.",
                        company=tests.company_id.name,
                    )
                )
