"""Whether a PDF that Odoo makes now gets its styles.

``wkhtmltopdf`` fetches them from Odoo itself, at ``report.url`` or ``web.base.url``.
Where those do not answer, it makes the PDF without them, and only the log says so. So
they are fetched first, as it would.
"""

from __future__ import annotations

import logging
from urllib.parse import urljoin

import requests

from odoo.http import request

_logger = logging.getLogger(__name__)

BUNDLE = "web.report_assets_common"
# To connect, and to wait for styles that have to be made first.
TIMEOUTS = (3.05, 20)


def address(env) -> str:
    """Return where the renderer fetches styles.

    :param env: its ``report.url`` decides, else ``web.base.url``
    :return: empty when there is neither
    """
    return env["ir.actions.report"].sudo()._get_report_url() or ""


def are_there(env) -> bool:
    """Whether the styles of reports can be fetched. It is one call to Odoo's own
    server; what goes wrong is written in the log, and nothing is raised.

    :param env: of the worker or request that would make the PDF
    """
    try:
        links = env["ir.qweb"]._get_asset_links(BUNDLE, js=False, autoprefix=True)
        return bool(links) and all(_is_there(env, link) for link in links)
    except Exception:
        # No document may be held by it.
        _logger.exception("Whether reports get their styles cannot be told")
        return False


def _is_there(env, link):
    url = urljoin(f"{address(env).rstrip('/')}/", link)
    # In a request Odoo gives the renderer a session, which says which database it is.
    headers = {"X-Odoo-Database": env.cr.dbname} if request and request.db else {}
    try:
        # The renderer takes any certificate, and nothing of the answer is used.
        answer = requests.get(url, headers=headers, timeout=TIMEOUTS, verify=False)
    except requests.RequestException as error:
        _logger.warning("Reports would be made without styles: %s", error)
        return False
    found = answer.ok and "css" in answer.headers.get("Content-Type", "")
    if not found or not answer.content:
        told = answer.status_code, answer.headers.get("Content-Type")
        _logger.warning("Reports would be made without styles: %s: %s", url, told)
        return False
    return True
