"""Money of Odoo, exactly."""

from decimal import Decimal


def exact(amount, currency) -> Decimal:
    """Return a float of Odoo as the ``Decimal`` it stands for.

    :param amount: float, in ``currency``
    :param currency: ``res.currency``, which says how it is rounded
    """
    return Decimal(str(currency.round(amount))).quantize(
        Decimal(1).scaleb(-currency.decimal_places)
    )
