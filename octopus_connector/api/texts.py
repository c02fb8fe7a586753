"""What texts may hold when they leave for Octopus: pure, no Odoo.

Both web services carry XML 1.0 in the end (SOAP, and UBL made of what REST was given),
and Octopus refuses what that forbids. The rule is told in ``docs/contract.md``.
"""

from __future__ import annotations

import unicodedata

# How long a text is that is ours to cut: labels of lines and names of orders. What
# Octopus takes is unknown (docs/octopus.md §19.10); a bill's reference is never cut.
COMMENT_LIMIT = 250
FILE_NAME_LIMIT = 100
_WHITE = "\t\n\r"


def clean(text: str | None) -> str | None:
    """Return a text without what XML forbids and without control characters; lines and
    tabs stay.

    :param text: of Odoo, maybe empty
    :return: ``None`` when nothing but white space is left
    """
    if not text or text.isprintable():
        return text if text and text.strip() else None
    kept = "".join(sign for sign in text if sign in _WHITE or not _is_forbidden(sign))
    return kept if kept.strip() else None


def _is_forbidden(sign):
    # Unassigned code points may be characters that this Python does not know yet.
    category = unicodedata.category(sign)
    return category in ("Cc", "Cs") or (category == "Cn" and _is_no_character(sign))


def _is_no_character(sign):
    code = ord(sign)
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def shortened(text: str | None, limit: int = COMMENT_LIMIT) -> str | None:
    """Return a text that is ours to cut as one clean line of at most ``limit``
    characters; an ellipsis shows that something is missing."""
    line = " ".join((clean(text) or "").split())
    if len(line) > limit:
        line = line[: limit - 1].rstrip() + "…"
    return line or None


def file_name(text: str | None) -> str:
    """Return a clean name for a file, without folders; its ending is never cut.

    :param text: the name in Odoo, maybe empty
    :return: at most ``FILE_NAME_LIMIT`` characters, never empty
    """
    plain = "".join("_" if sign in "/\\" + _WHITE else sign for sign in text or "")
    plain = (clean(plain) or "").strip() or "document"
    if len(plain) <= FILE_NAME_LIMIT:
        return plain
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > 10:
        return plain[:FILE_NAME_LIMIT]
    return stem[: FILE_NAME_LIMIT - len(ending) - 1] + dot + ending
