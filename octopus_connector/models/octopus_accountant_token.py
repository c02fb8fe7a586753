from odoo import api, fields, models
from odoo.fields import NO_ACCESS

from ..core.accountant_access import digest_of, is_same, new_token

# More than one a week for as long as a link holds.
KEPT = 30


class OctopusAccountantToken(models.Model):
    """What opens the accountant's page: of each token its digest only, so that a copy
    of the database opens nothing.

    A link has several: the one that was shown when it was made, and one for each mail.
    Nobody has any right to them; the addon reads them in sudo.
    """

    _name = "octopus.accountant.token"
    _description = "Token of the Accountant's Page"
    _rec_name = "link_id"

    link_id = fields.Many2one(
        "octopus.accountant.link", required=True, index=True, ondelete="cascade"
    )
    digest = fields.Char(required=True, groups=NO_ACCESS, copy=False)

    _digest_uniq = models.Constraint("UNIQUE(digest)", "A token is made once.")

    @api.model
    @api.private
    def make(self, link):
        """Return a new token of a link; it is not kept, and cannot be shown again.

        :param link: one ``octopus.accountant.link``
        """
        token = new_token()
        self.create({"link_id": link.id, "digest": digest_of(token)})
        self.search([("link_id", "=", link.id)], order="id desc", offset=KEPT).unlink()
        return token

    @api.model
    @api.private
    def link_of(self, token):
        """Return the link that a token opens, whatever became of it, or an empty one.

        :param str token: as somebody sent it
        """
        digest = digest_of(token)
        found = self.search([("digest", "=", digest)], limit=1)
        matches = bool(found) and is_same(found.digest, digest)
        return found.link_id if matches else found.link_id.browse()
