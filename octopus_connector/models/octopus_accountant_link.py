import logging
from base64 import b64decode, b64encode
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import email_normalize

from odoo.addons.base.models.res_partner import _lang_get

from ..core.accountant_access import file_without_tokens, without_tokens
from ..groups import MANAGER, USER, require
from ..prepare.accountant_page import BELGIUM, has_something, mail_facts
from ..prepare.database_check import database_differences
from ..prepare.responsible import responsible_of
from ..sync.scheduled import is_neutralized

_logger = logging.getLogger(__name__)

PATH = "/octopus/accountant"
# Stands in a mail where its token comes, for no token is kept in the database.
PLACE_OF_TOKEN = "your-link"
DAYS = 90
MAIL_TEMPLATE = "octopus_connector.mail_template_accountant"
WEEK = timedelta(days=7)


class OctopusAccountantLink(models.Model):
    """A page for the accountant of a dossier, who has no login of Odoo.

    Whoever has one of its tokens sees what concerns the dossier, until it expires or is
    revoked. The history of the link holds the mails; the looks are kept beside it.
    """

    _name = "octopus.accountant.link"
    _description = "Link for the Accountant"
    _inherit = ["mail.thread"]
    _order = "dossier_id, id desc"
    # Nobody writes a row; who sees it may send a mail from it.
    _mail_post_access = "read"

    dossier_id = fields.Many2one(
        "octopus.dossier", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(string="For", required=True)
    partner_id = fields.Many2one("res.partner", string="Contact", ondelete="set null")
    email = fields.Char(
        string="E-mail",
        help="A mail holds the link when it goes to this address, and to no other.",
    )
    lang = fields.Selection(_lang_get, string="Language", required=True)
    expires_at = fields.Datetime(string="Good until", required=True, tracking=True)
    revoked_at = fields.Datetime(string="Revoked on", tracking=True, copy=False)
    revoked_by_id = fields.Many2one("res.users", string="Revoked by", copy=False)
    state = fields.Selection(
        [("active", "In use"), ("expired", "Expired"), ("revoked", "Revoked")],
        compute="_compute_state",
        help="An expired or revoked link opens nothing.",
    )
    mailed_at = fields.Datetime(string="Last mail", copy=False)
    token_ids = fields.One2many(
        "octopus.accountant.token", "link_id", groups=fields.NO_ACCESS
    )
    look_ids = fields.One2many(
        "octopus.accountant.look", "link_id", string="Looks", groups=MANAGER
    )
    last_look_at = fields.Datetime(
        string="Last opened", compute="_compute_last_look_at", compute_sudo=True
    )

    @api.depends("expires_at", "revoked_at")
    def _compute_state(self):
        now = fields.Datetime.now()
        for link in self:
            open_state = "active" if link.expires_at > now else "expired"
            link.state = "revoked" if link.revoked_at else open_state

    @api.depends("look_ids")
    def _compute_last_look_at(self):
        looks = self.env["octopus.accountant.look"]
        mine = [("link_id", "in", self.ids), ("act", "=", "look")]
        last = dict(looks._read_group(mine, ["link_id"], ["create_date:max"]))
        for link in self:
            link.last_look_at = last.get(link)

    @api.model
    @api.private
    def usable(self, dossier):
        """Return the links of a dossier that open its page now, in sudo.

        :param dossier: one ``octopus.dossier``
        """
        found = self.sudo().search([("dossier_id", "=", dossier.id)])
        return found.filtered(lambda link: link.state == "active")

    # Tokens

    @api.model
    @api.private
    def by_token(self, number, token):
        """Return the link, in sudo, that a token opens now; an empty one for whatever
        opens nothing: nobody is told why.

        :param int number: of the dossier, as Octopus names it
        :param str token: as somebody sent it
        """
        link = self.env["octopus.accountant.token"].sudo().link_of(token)
        dossier = link.dossier_id
        opens = link.state == "active" and dossier.active and dossier.is_used()
        return link if opens and dossier.octopus_id == number else link.browse()

    @api.private
    def make_address(self):
        """Return an address that opens the page, with a token of its own. It is kept
        nowhere, and cannot be shown again."""
        self.ensure_one()
        token = self.env["octopus.accountant.token"].sudo().make(self)
        return self._address(token)

    def _address(self, token):
        number = self.sudo().dossier_id.octopus_id
        return f"{self.get_base_url()}{PATH}/{number}/{token}"

    @api.private
    def place_in_mail(self):
        """Return what stands in a mail in the place of its link."""
        return self._address(PLACE_OF_TOKEN)

    @api.private
    def with_link(self, body, addresses):
        """Return the body of a mail with a link in its place, if it goes to nobody but
        the person of the link.

        :param body: of the mail that leaves
        :param addresses: to which it goes, normalized
        """
        self.ensure_one()
        place, mine = self.place_in_mail(), email_normalize(self.email)
        allowed = bool(mine) and addresses == [mine] and self.state == "active"
        if not allowed or place not in body:
            return body
        return body.replace(place, self.make_address())

    # Making, renewing, revoking

    @api.private
    def check_administrator(self):
        """Let only administrators of all companies concerned give access to a dossier.

        :raises AccessError: somebody else does
        """
        self.check_access("read")
        self.dossier_id.octopus_check_gives_access()

    def action_new(self):
        """Ask who gets a link to the page of the company's dossier."""
        dossier = self.env.company.octopus_dossier()
        if not dossier:
            raise UserError(
                self.env._(
                    "%(company)s is not linked with a dossier.",
                    company=self.env.company.name,
                )
            )
        return dossier.with_env(self.env).action_accountant_access()

    def action_renew(self):
        """Let the link open the page for another 90 days from now."""
        self.check_administrator()
        links = self.sudo().filtered(lambda link: link.state != "revoked")
        if not links:
            raise UserError(
                self.env._("What was revoked opens nothing again: make a new link.")
            )
        links.expires_at = fields.Datetime.add(fields.Datetime.now(), days=DAYS)

    def action_revoke(self):
        """Let the link open nothing any more, at once."""
        self.check_administrator()
        links = self.sudo().filtered(lambda link: not link.revoked_at)
        links.write(
            {"revoked_at": fields.Datetime.now(), "revoked_by_id": self.env.uid}
        )
        links.token_ids.unlink()

    def action_show(self):
        """Show a new address of the page, once."""
        self.ensure_one()
        self.check_administrator()
        if self.state != "active":
            raise UserError(
                self.env._("This link opens nothing any more. Renew it first.")
            )
        return self.env["octopus.accountant.access"]._show(self.sudo())

    # Mail

    def action_mail(self):
        """Open a mail to the accountant, with what waits for them."""
        self.ensure_one()
        self.check_access("read")
        require(
            self.env,
            USER,
            self.env._("Only Octopus users can write to the accountant from here."),
        )
        if not self.sudo().partner_id:
            raise UserError(
                self.env._("%(name)s is no contact of Odoo any more.", name=self.name)
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Mail to the accountant"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": self.env.ref(MAIL_TEMPLATE).id,
                "default_composition_mode": "comment",
                "default_email_layout_xmlid": "mail.mail_notification_light",
                "default_partner_ids": self.sudo().partner_id.ids,
                "force_email": True,
            },
        }

    @api.private
    def facts(self):
        """Return what the mail tells, as far as its reader may see it; see
        ``prepare.accountant_page.mail_facts``."""
        self.ensure_one()
        return mail_facts(self.dossier_id)

    # The history

    @api.private
    def works_in_all(self, user):
        """Whether a user works in all companies and branches of the dossier: its mails
        tell of each of them.

        :param user: one ``res.users``
        """
        return self.sudo().dossier_id.served() <= user.sudo().company_ids

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        # EXTENDS 'mail': nobody may write a link, so that nobody else reads its mails
        found = super()._mail_get_operation_for_mail_message_operation(
            message_operation
        )
        if message_operation != "read":
            return found
        user = self.env.user
        return {
            link: operation if link.works_in_all(user) else "write"
            for link, operation in found.items()
        }

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        # EXTENDS 'mail': who wrote once follows, and gets no mail of other companies
        found = super()._notify_get_recipients(message, msg_vals, **kwargs)
        named = (msg_vals or {}).get("partner_ids") or message.sudo().partner_ids.ids
        users = self.env["res.users"].sudo()
        return [
            it
            for it in found
            if not it.get("uid")
            or it["id"] in named
            or self.works_in_all(users.browse(it["uid"]))
        ]

    def _message_create(self, values_list):
        # EXTENDS 'mail': an answer quotes the mail as it left, with its token. Others
        # are notified with these values, so that it is taken out of them.
        for values in values_list:
            for name in {"body", "subject"} & values.keys():
                values[name] = self._without_tokens(values[name])
        return super()._message_create(values_list)

    def _create_attachments_for_post(self, values_list, extra_list):
        # EXTENDS 'mail': a mail that is attached to an answer quotes it, too
        for values in values_list:
            content = b64decode(values.get("datas") or b"")
            kept = file_without_tokens(content)
            if kept != content:
                values["datas"] = b64encode(kept)
        return super()._create_attachments_for_post(values_list, extra_list)

    def _without_tokens(self, text):
        if not text:
            return text
        kept = without_tokens(text, PLACE_OF_TOKEN)
        return Markup(kept) if isinstance(text, Markup) else kept

    def _message_post_after_hook(self, message, msg_vals):
        # EXTENDS 'mail'
        if self.sudo().partner_id & message.partner_ids:
            self.sudo().mailed_at = fields.Datetime.now()
        # Whoever reads the message reads its files, and nobody else.
        files = message.sudo().attachment_ids
        files = files.filtered(lambda file: file.res_model == self._name)
        files.write({"res_model": message._name, "res_id": message.id})
        return super()._message_post_after_hook(message, msg_vals)

    @api.model
    def _cron_mail(self):
        """Send the mail of the week, where somebody chose this weekday and something
        is to tell; at most one in seven days."""
        if is_neutralized(self.env) or database_differences(self.env):
            return
        today = fields.Date.context_today(self.with_context(tz=BELGIUM))
        chosen = [("accountant_weekday", "=", str(today.weekday()))]
        for dossier in self.env["octopus.dossier"].search(chosen):
            try:
                with self.env.cr.savepoint():
                    self._mail_of_week(dossier, today)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except Exception:  # pylint: disable=broad-exception-caught
                _logger.exception("No mail to the accountant of %s", dossier)
            self.env["ir.cron"]._commit_progress(1)

    def _mail_of_week(self, dossier, today):
        last = dossier.accountant_mailed_on
        links = self.usable(dossier).filtered(lambda link: email_normalize(link.email))
        if (last and last > today - WEEK) or not dossier.is_used():
            return
        if not links or not has_something(dossier):
            return
        dossier.accountant_mailed_on = today
        for link in links.filtered("partner_id"):
            link._mail_by_itself()

    def _mail_by_itself(self):
        """Send the mail; it goes out with the others of Odoo, and stands in the
        history."""
        template = self.env.ref(MAIL_TEMPLATE)
        lang = self.lang or self.env.lang
        body = template._render_field("body_html", self.ids, set_lang=lang)[self.id]
        subject = template._render_field("subject", self.ids, set_lang=lang)[self.id]
        sender = responsible_of(self.dossier_id).sudo()
        # An author reads what is theirs, whatever they may see.
        author = sender if self.works_in_all(sender) else self.env.ref("base.user_root")
        self.with_context(lang=lang).message_post(
            author_id=author.sudo().partner_id.id,
            email_from=sender.email_formatted,
            body=body,
            subject=subject,
            message_type="email_outgoing",
            partner_ids=self.partner_id.ids,
            email_layout_xmlid="mail.mail_notification_light",
            force_send=False,
        )
