"""What a client may put into the context, and the server must not take for its own."""

from __future__ import annotations

from odoo.models import BaseModel
from odoo.tools.misc import clean_context


def without_defaults(records: BaseModel) -> BaseModel:
    """Return records in a context without ``default_*``: those are the client's values,
    and who makes rows in sudo would write them."""
    context = clean_context(records.env.context)
    # Keys are taken away, so the context is replaced and not added to.
    return records.with_context(context)  # pylint: disable=context-overridden
