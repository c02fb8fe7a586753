import ast
import base64
import html
import io
import json
import platform
import zipfile

from odoo import api, fields, models, release
from odoo.tools import file_open, html2plaintext

from ..api.telling import MASK, without_ibans
from ..call_log import TOKENS
from ..core.states import IN_FLIGHT, OPEN, TO_DECIDE
from ..prepare.settings import SETTINGS
from ..sync.oauth import token_of

RUNS = 50
CALLS = 500
DOCUMENTS = 100
# What a person must look at, or wait for.
UNFINISHED = (*OPEN, *IN_FLIGHT, *TO_DECIDE)
RUN_FIELDS = (
    "id",
    "kind",
    "state",
    "interactive",
    "started_at",
    "ended_at",
    "total",
    "counts",
    "problem",
)
CALL_FIELDS = (
    "date",
    "operation",
    "document",
    "outcome",
    "http_status",
    "error_code",
    "technical",
    "duration_ms",
    "run_ref",
    "quota_key",
    "quota_day",
    "request_body",
    "answer_body",
)
DOCUMENT_FIELDS = (
    "id",
    "document_name",
    "kind",
    "state",
    "queued",
    "cause",
    "findings",
    "attempts",
    "retry_at",
    "waiting_since",
    "octopus_number",
    "period_number",
    "amount",
    "sent_at",
    "attachment_state",
    "payload",
)
CRON_FIELDS = ("name", "active", "lastcall", "nextcall", "failure_count")


class OctopusSupport(models.TransientModel):
    """Copy for support: what happened to a dossier or document, in one file.

    Names and amounts are in it, because they are what a question is about; a password,
    a token or an account number never is.
    """

    _name = "octopus.support"
    _description = "Copy for support"
    _inherit = ["octopus.dialog.mixin"]

    dossier_id = fields.Many2one("octopus.dossier", required=True, readonly=True)
    booking_id = fields.Many2one("octopus.booking", "Document", readonly=True)
    data = fields.Binary(string="File", readonly=True, attachment=False)
    filename = fields.Char(readonly=True)
    in_support = fields.Boolean(related="dossier_id.connection_id.in_support")

    @api.model
    def _open_for(self, dossier, booking=None):
        """Return the action that shows the file of a dossier, or of one document.

        :raises AccessError: the file tells of companies that are not the user's
        """
        self.check_access("read")
        dossier.check_access("read")
        dossier.sudo().company_ids.with_env(self.env).octopus_check_companies()
        subject = booking.octopus_number or booking.id if booking else ""
        name = "-".join(
            filter(None, ["octopus", str(dossier.octopus_id), str(subject)])
        )
        values = {"dossier_id": dossier.id, "booking_id": booking and booking.id}
        action = self._open_dialog(self.env._("Copy for support"), values)
        support = self.sudo().browse(action["res_id"])
        support.write(
            {
                "filename": f"{name.replace('/', '-').replace(' ', '')}.zip",
                "data": support._zip(),
            }
        )
        return action

    def _zip(self):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bundle:
            for name, text in self._files().items():
                bundle.writestr(name, text)
        return base64.b64encode(buffer.getvalue())

    def _files(self):
        """Return the texts of the bundle by their file name, without any secret."""
        # One language, that of who reads it.
        support = self.sudo().with_context(lang="en_US")
        parts = {
            "about.json": support._about(),
            "dossier.json": support._dossier(),
            "settings.json": support._settings(),
            "documents.json": support._documents(),
            "runs.json": support._runs(),
            "calls.json": support._calls(),
        }
        return {name: support._spelled(part) for name, part in parts.items()}

    def _spelled(self, part):
        text = json.dumps(part, indent=1, ensure_ascii=False, default=str)
        for secret in self._secrets():
            for spelled in _spellings(secret):
                text = text.replace(spelled, MASK)
        return without_ibans(text)

    def _secrets(self):
        connection = self.dossier_id.connection_id
        token = token_of(connection)
        held = (
            connection.software_house,
            connection.secret,
            token.refresh_token,
            token.access_token,
            *TOKENS.tokens(),
        )
        return [secret for secret in held if secret]

    # What is in it

    def _about(self):
        connection = self.dossier_id.connection_id
        with file_open("octopus_connector/__manifest__.py") as manifest:
            version = ast.literal_eval(manifest.read())["version"]
        return {
            "made_at": fields.Datetime.now(),
            "odoo": release.version,
            "octopus_connector": version,
            "python": platform.python_version(),
            "connection": {
                "state": connection.state,
                "web_service": connection.transport,
                "address": connection.base_url(),
                "login_complete": bool(
                    connection.software_house
                    and connection.user_name
                    and connection.secret
                ),
                "problem": self._told([connection.problem]),
                "last_success": connection.last_success,
                "support_mode_until": connection.support_until,
            },
        }

    def _dossier(self):
        dossier = self.dossier_id
        states = self.env["octopus.booking"]._read_group(
            [("dossier_id", "=", dossier.id)], ["state", "cause"], ["__count"]
        )
        return {
            "number": dossier.octopus_id,
            "name": dossier.name,
            "automatic": dossier.automatic,
            "refreshed_at": dossier.refreshed_at,
            "problems": self._told(dossier.problems),
            "stays": self._told(
                [
                    found.as_json()
                    for found in self.env["octopus.watchdog"].findings(dossier, True)
                ]
            ),
            "scheduled_actions": dossier.crons().read(CRON_FIELDS),
            "bookyears": [
                {
                    "name": year.name,
                    "from": year.date_start,
                    "until": year.date_end,
                    "closed": year.closed,
                    "periods": len(year.period_ids),
                }
                for year in dossier.bookyear_ids
            ],
            "journals": [
                {
                    "journal": year.name,
                    "type": year.journal_id.type,
                    "closed": year.closed,
                    "last_number": year.last_number,
                    "protected_period": year.protected_period,
                    "closed_period": year.closed_period,
                    "read_at": year.read_at,
                }
                for year in dossier.journal_ids.year_ids
            ],
            "mirrored": {
                "accounts": len(dossier.account_ids),
                "vat_codes": len(dossier.vat_code_ids),
                "relations": len(dossier.relation_ids),
            },
            "documents": [
                {"state": state, "cause": cause, "count": count}
                for state, cause, count in states
            ],
        }

    def _settings(self):
        return [
            {
                "company": company.name,
                **{name: self._value(company[name]) for name in SETTINGS},
            }
            for company in self.dossier_id.company_ids
        ]

    def _value(self, value):
        if isinstance(value, models.BaseModel):
            return ", ".join(value.mapped("display_name"))
        return value

    def _documents(self):
        rows = self.booking_id or self.env["octopus.booking"].search(
            [("dossier_id", "=", self.dossier_id.id), ("state", "in", UNFINISHED)],
            order="id desc",
            limit=DOCUMENTS,
        )
        return [
            {
                **{name: row[name] for name in DOCUMENT_FIELDS},
                "findings": self._told(row.findings),
                "history": self._history(row) if self.booking_id else None,
            }
            for row in rows
        ]

    def _history(self, row):
        return [
            {"date": message.date, "text": html2plaintext(message.body)}
            for message in row.move_id.message_ids.filtered("body")
        ]

    def _runs(self):
        domain = [("dossier_id", "=", self.dossier_id.id)]
        if self.booking_id:
            domain.append(("id", "in", self._of_the_document().mapped("run_ref")))
        runs = self.env["octopus.run"].search(domain, limit=RUNS)
        return [
            {
                **{name: run[name] for name in RUN_FIELDS},
                "problem": self._told([run.problem]),
                "by": run.user_id.login,
            }
            for run in runs
        ]

    def _calls(self):
        calls = self.env["octopus.call"].search(
            [("dossier_number", "=", self.dossier_id.octopus_id)], limit=CALLS
        )
        calls = self._of_the_document() | calls
        return [{name: call[name] for name in CALL_FIELDS} for call in calls]

    def _of_the_document(self):
        calls, row = self.env["octopus.call"], self.booking_id
        name = calls._document_name(
            row.journal_id.key, row.bookyear_id.octopus_id, row.number
        )
        dossier = self.dossier_id.octopus_id
        return calls.search(
            [("dossier_number", "=", dossier), ("document", "=", name or "-")],
            limit=CALLS,
        )

    def _told(self, findings):
        """Return stored findings with their texts."""
        texts = self.env["octopus.finding"]
        return [{**found, **texts._texts(found)} for found in findings or [] if found]


def _spellings(secret):
    """Return how a text may be spelled in a JSON text, the longest first: it may stand
    in XML, or in a JSON text that is itself a value."""
    known = {secret, html.escape(secret), html.escape(secret, quote=False)}
    for _level in range(3):
        known |= {
            json.dumps(text, ensure_ascii=plain)[1:-1]
            for text in known
            for plain in (True, False)
        }
    return sorted(known, key=len, reverse=True)
