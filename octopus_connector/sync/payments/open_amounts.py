"""What is open of a document of Odoo, exactly."""

from ...core.money import exact


def term_lines(move):
    """Return the lines of a document that wait for payment.

    :param move: its ``account.move``
    :return: ``account.move.line``, one for each payment term, paid or not
    """
    return move.line_ids.filtered(lambda line: line.display_type == "payment_term")


def open_amount(move):
    """Return what is open of a document: positive, in its currency.

    :param move: its ``account.move``
    :return: exact ``Decimal``
    """
    residual = sum(term_lines(move).mapped("amount_residual_currency"))
    return abs(exact(residual, move.currency_id))
