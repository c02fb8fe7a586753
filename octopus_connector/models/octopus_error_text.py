import logging
from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import ormcache

from ..api.enums import Locale
from ..api.errors import (
    OctopusError,
    OctopusInvalidRequest,
    OctopusMissing,
    OctopusNotNow,
    OctopusProtocolError,
    OctopusRefused,
)

_logger = logging.getLogger(__name__)

# The language of a reader → that of Octopus.
LOCALES = {"nl": Locale.NL, "fr": Locale.FR, "en": Locale.EN, "de": Locale.DE}

# The calls that a text costs; what they answer is no news of a document.
OWN_CALLS = ("error_description", "set_locale")

# A code of which Octopus has nothing to say is asked about again after that.
ASK_AGAIN = timedelta(days=30)
# One that Octopus failed over, tomorrow.
ASK_TOMORROW = timedelta(days=1)

# Octopus has no text for this code; it may have one for the next.
NO_TEXT = (OctopusInvalidRequest, OctopusMissing, OctopusProtocolError, OctopusRefused)


class OctopusErrorText(models.Model):
    """What a return code of Octopus means, in Octopus's own words.

    An answer comes in the language of the dossier; who reads it may have another. Each
    code that was met is asked about once, in every language that Octopus has.
    """

    _name = "octopus.error.text"
    _description = "Octopus Text of a Return Code"
    _rec_name = "code"
    _order = "code desc, language"

    code = fields.Integer(required=True)
    language = fields.Selection(
        [("nl", "Dutch"), ("fr", "French"), ("en", "English"), ("de", "German")],
        required=True,
    )
    text = fields.Char(help="Empty when Octopus has none.")
    ask_again_at = fields.Datetime(
        required=True, help="When a text that Octopus did not give is asked for again."
    )

    _code_language_uniq = models.UniqueIndex(
        "(code, language)", "A return code has one text in each language."
    )

    @api.model
    @ormcache("code")
    def _texts(self, code):
        """Return what a return code means: ``{language: text}``, of those known."""
        rows = self.sudo().search([("code", "=", code), ("text", "!=", False)])
        return {row.language: row.text for row in rows}

    @api.model
    def _in_words(self, code, message, technical):
        """Return what Octopus said, in the reader's language where that is known.

        Which field or value is meant stands in the technical text only, and
        over SOAP one of the two texts is all that comes (docs/octopus.md §7).

        :param code: the return code, or an HTTP status where there was none
        :param message: text that came with the answer
        :param technical: technical text that came with it, maybe empty
        """
        texts = self._texts(code) if isinstance(code, int) and code < 0 else {}
        meaning = texts.get((self.env.lang or "en")[:2])
        detail = technical if technical != message else ""
        if not meaning:
            return " – ".join(filter(None, (message, detail)))
        if not detail and message not in texts.values():
            detail = message
        return " – ".join(filter(None, (meaning, detail)))

    @api.model
    def _fetch(self, connection):
        """Ask Octopus about the return codes that were met and are not known yet.

        Nothing depends on it: what cannot be asked now is asked after the next pass.

        :param connection: ``octopus.connection`` to ask through
        """
        unknown = self._unknown()
        if not unknown:
            return
        try:
            with connection.client() as octopus:
                for code, language in unknown:
                    self._keep(code, language, *self._ask(octopus, code, language))
        except OctopusError as error:
            _logger.info("Return codes are asked about later: %s", error)
        finally:
            self.env.registry.clear_cache()

    @api.model
    @api.private
    def unknown_in(self, dossiers):
        """Return one dossier of each login over which a return code was met that has no
        text yet.

        :param dossiers: ``octopus.dossier``
        """
        unknown = {code for code, _language in self._unknown()}
        if not unknown:
            return dossiers.browse()
        met = (
            self.env["octopus.call"]
            .sudo()
            ._read_group([("error_code", "in", list(unknown))], ["connection_ref"])
        )
        logins = {login for [login] in met}
        by_login = dossiers.grouped("connection_id").items()
        some = (same[:1] for login, same in by_login if login.id in logins)
        return dossiers.browse().union(*some)

    def _ask(self, octopus, code, language):
        """Return the text, and when it is asked for again if it is empty.

        :raises OctopusError: nothing can be asked now
        """
        try:
            return octopus.error_description(code, LOCALES[language]), ASK_AGAIN
        except NO_TEXT as error:
            _logger.info("Octopus tells nothing about %s: %s", code, error)
            return "", ASK_AGAIN
        except OctopusNotNow as error:
            if error.http_status is None:
                raise
            _logger.info("Octopus fails over %s: %s", code, error)
            return "", ASK_TOMORROW

    def _keep(self, code, language, text, again):
        """Keep a text at once, in a transaction of its own: the call is spent."""
        known = [("code", "=", code), ("language", "=", language)]
        ask_again_at = fields.Datetime.now() + again
        values = {"text": text[:500] or False, "ask_again_at": ask_again_at}
        try:
            with self.env.registry.cursor() as cr:
                rows = self.with_env(self.env(cr=cr, su=True))
                row = rows.search(known)
                if row:
                    row.write(values)
                else:
                    rows.create({"code": code, "language": language, **values})
        except (UniqueViolation, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
            _logger.info("Another worker keeps the text of %s as well", code)

    def _unknown(self):
        """Return the codes that answers had, with the languages in which their texts
        are to be asked for: ``[(code, language)]``."""
        self.env.cr.execute(
            """
            SELECT DISTINCT error_code FROM octopus_call
             WHERE error_code < 0 AND operation NOT IN %s
            """,
            [OWN_CALLS],
        )
        met = {code for (code,) in self.env.cr.fetchall()}
        now = fields.Datetime.now()
        rows = self.sudo().search(
            ["|", ("text", "!=", False), ("ask_again_at", ">", now)]
        )
        known = {(row.code, row.language) for row in rows}
        wanted = ((code, language) for code in sorted(met) for language in LOCALES)
        return [each for each in wanted if each not in known]
