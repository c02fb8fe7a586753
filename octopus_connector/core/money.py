"""Money of Odoo, exactly, and rates as Octopus writes them."""

from decimal import Context, Decimal

CENT = Decimal("0.01")
# How many digits of a rate are sent.
RATE = Context(prec=10)


def exact(amount, currency) -> Decimal:
    """Return a float of Odoo as the ``Decimal`` it stands for.

    :param amount: float, in ``currency``
    :param currency: ``res.currency``, which says how it is rounded
    """
    return Decimal(str(currency.round(amount))).quantize(
        Decimal(1).scaleb(-currency.decimal_places)
    )


def rate_as_sent(foreign_per_euro: Decimal, direction: str | None) -> Decimal | None:
    """Return a rate as a dossier writes it; ``None`` while nobody said which way.

    :param foreign_per_euro: units of the foreign currency for 1 EUR
    :param direction: ``octopus.dossier.exchange_rate_direction``
    """
    if direction == "foreign_per_euro":
        return RATE.plus(foreign_per_euro)
    if direction == "euro_per_foreign":
        return RATE.divide(1, foreign_per_euro)
    return None
