from odoo import api, fields, models
from odoo.exceptions import UserError

from ..prepare.responsible import responsible_of

ASKED = "mail.mail_activity_data_todo"
# Of an answer: what does not fit belongs in a mail.
LONGEST = 4000


class OctopusAccountantQuestion(models.Model):
    """What a bookkeeper asks the accountant about a document, and the answer."""

    _name = "octopus.accountant.question"
    _description = "Question to the Accountant"
    _order = "state, id desc"
    _rec_name = "question"

    move_id = fields.Many2one(
        "account.move", string="Document", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    dossier_id = fields.Many2one(
        "octopus.dossier", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", string="Asked by")
    question = fields.Text(required=True)
    state = fields.Selection(
        [("open", "Asked"), ("answered", "Answered"), ("withdrawn", "Not needed")],
        default="open",
        required=True,
    )
    answer = fields.Text()
    answered_at = fields.Datetime(string="Answered on")
    link_id = fields.Many2one(
        "octopus.accountant.link", string="Answered by", ondelete="set null"
    )

    @api.model
    @api.private
    def ask(self, move, text):
        """Ask something about a document; the question stands in its history.

        :param move: one ``account.move`` of a company with a dossier, whose user asks
        :raises UserError: nothing is asked, or its company has no dossier
        """
        text, dossier = (text or "").strip(), move.company_id.octopus_dossier()
        if not text:
            raise UserError(self.env._("Write what you want to know."))
        if not dossier:
            raise UserError(
                self.env._(
                    "%(company)s is not linked with a dossier: there is no accountant"
                    " to ask.",
                    company=move.company_id.name,
                )
            )
        asked = self.sudo().create(
            {
                "move_id": move.id,
                "company_id": move.company_id.id,
                "dossier_id": dossier.id,
                "user_id": self.env.uid,
                "question": text[:LONGEST],
            }
        )
        move._message_log(
            body=self.env._("Asked the accountant: %(question)s", question=text)
        )
        return asked

    @api.private
    def take_answer(self, link, text):
        """Close a question with the answer, which goes to the document and to who
        asked.

        :param link: ``octopus.accountant.link`` through which it came
        :return: whether it was open, and something was answered
        """
        self.ensure_one()
        text = (text or "").strip()[:LONGEST]
        if not text or self.state != "open":
            return False
        self.write(
            {
                "state": "answered",
                "answer": text,
                "answered_at": fields.Datetime.now(),
                "link_id": link.id,
            }
        )
        self._tell(link, text)
        return True

    def _tell(self, link, text):
        user = self._who_asked()
        texts = self.with_context(lang=user.lang or self.env.lang).env
        self.move_id._message_log(
            author_id=link.partner_id.id or None,
            body=texts._(
                "Answer of the accountant (%(name)s) to “%(question)s”: %(answer)s",
                name=link.name,
                question=self.question,
                answer=text,
            ),
        )
        self.move_id.activity_schedule(
            ASKED,
            user_id=user.id,
            summary=texts._("The accountant answered: %(answer)s", answer=text[:100]),
        )

    def _who_asked(self):
        """Return who asked, as long as they work in the company; else who is
        responsible for the dossier."""
        user = self.user_id
        works = user.active and self.company_id in user.company_ids
        return user if works else responsible_of(self.dossier_id)

    def action_withdraw(self):
        """Take a question back: it stands on the accountant's page no more."""
        self.check_access("read")
        self.sudo().filtered(lambda row: row.state == "open").state = "withdrawn"

    def action_open_document(self):
        """Open the document that it is about."""
        self.ensure_one()
        return self.move_id._get_records_action()
