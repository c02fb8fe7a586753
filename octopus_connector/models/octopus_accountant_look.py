from datetime import timedelta

from odoo import api, fields, models

from ..core.accountant_access import coarse

# What is kept of who looked, and of what was refused.
KEPT = timedelta(days=400)
KEPT_REFUSED = timedelta(days=1)
HOUR = timedelta(hours=1)
# In an hour: so many wrong tokens from one place, looks through one link, and acts.
MOST_REFUSED = 30
MOST_LOOKS = 300
MOST_ACTS = 60
# The same thing is looked at anew after that: reads of Octopus are few.
SAME_AGAIN = timedelta(minutes=5)


class OctopusAccountantLook(models.Model):
    """Who opened the accountant's page: when, from where, and what they did there.

    One that was refused names no link: nobody knows whose it is.
    """

    _name = "octopus.accountant.look"
    _description = "Look at the Accountant's Page"
    _order = "id desc"
    _rec_name = "act"

    link_id = fields.Many2one(
        "octopus.accountant.link", index="btree_not_null", ondelete="cascade"
    )
    dossier_id = fields.Many2one(related="link_id.dossier_id", store=True, index=True)
    address = fields.Char(
        string="From", index=True, help="The network, not the whole address."
    )
    act = fields.Selection(
        [
            ("look", "Looked"),
            ("answered", "Answered"),
            ("reopened", "Said that it is open"),
            ("nothing", "Nothing came of it"),
            ("refused", "Refused"),
        ],
        string="What",
        required=True,
    )
    key = fields.Char(help="What was said to be open, for the page.")
    about = fields.Char(help="What the answer or the word is about.")

    @api.model
    @api.private
    def note(self, act, address, link=None, **values):
        """Write down what somebody did.

        :param act: one of the field ``act``
        :param address: of the client; only its network is kept
        :param link: ``octopus.accountant.link``, unless it was refused
        """
        ids = {"link_id": link.id if link else False}
        return self.create({"act": act, "address": coarse(address), **ids, **values})

    @api.model
    @api.private
    def is_shut_out(self, address):
        """Whether too many wrong tokens came from a place within the hour."""
        refused = [("act", "=", "refused"), ("address", "=", coarse(address))]
        return self._count(refused) >= MOST_REFUSED

    @api.model
    @api.private
    def is_too_much(self, link, acts=False):
        """Whether a link was used more than a person uses it within the hour.

        :param acts: count what was done or tried, and not the looks
        """
        kinds = ("answered", "reopened", "nothing") if acts else ("look",)
        domain = [("link_id", "=", link.id), ("act", "in", kinds)]
        return self._count(domain) >= (MOST_ACTS if acts else MOST_LOOKS)

    def _count(self, domain):
        since = fields.Datetime.now() - HOUR
        return self.search_count([*domain, ("create_date", ">", since)])

    @api.model
    @api.private
    def said_open(self, dossier):
        """Return when it was said last that something is open: ``{key: moment}``.

        :param dossier: one ``octopus.dossier``
        """
        said = [("dossier_id", "=", dossier.id), ("act", "=", "reopened")]
        groups = self._read_group(said, ["key"], ["create_date:max"])
        return dict(groups)

    @api.model
    @api.private
    def was_said_just_now(self, dossier, key):
        """Whether it was said a moment ago, and is being looked at."""
        moment = self.said_open(dossier).get(key)
        return bool(moment) and moment > fields.Datetime.now() - SAME_AGAIN

    @api.autovacuum
    def _gc_looks(self):
        now = fields.Datetime.now()
        self.search([("create_date", "<", now - KEPT)]).unlink()
        refused = [("act", "=", "refused"), ("create_date", "<", now - KEPT_REFUSED)]
        self.search(refused).unlink()
