"""Sending beside bookings of others that have the same amount, as a subscription has:
each may be the document, until it is looked at.

Target: issue 14.
"""

from statistics import median

from devtools.scenario.session import administrator

from .figures import Figure

DOCUMENTS = 40
TIMES = 3
OTHERS = (1_000, 10_000)
# As beside none, and what two passes differ by.
MOST_RATIO = 1.2


def measure(bench):
    """Yield the time of a document beside none, and what others make of it."""
    partners = bench.partners(5)
    bench.push(bench.documents(len(partners), partners))
    alone = _seconds(bench, partners)
    yield Figure("beside no bookings of others", 1000 * alone, "ms a document")
    made = 0
    for count in OTHERS:
        _book(bench, made, count)
        made = count
        ratio = _seconds(bench, partners) / alone
        name = f"the same beside {count} of the same amount"
        yield Figure(name, ratio, "times", MOST_RATIO)


def _seconds(bench, partners):
    """Return the seconds of a document, the median of some passes."""
    times = []
    for _time in range(TIMES):
        moves = bench.documents(DOCUMENTS, partners)
        times.append(bench.push(moves).seconds / DOCUMENTS)
    return median(times)


def _book(bench, first, last):
    """Keep bookings of others with numbers from ``first`` on up to ``last``, over a
    year and many relations."""
    with administrator(bench.registry) as env:
        sent = env["octopus.booking"].sudo().search([("state", "=", "booked")], limit=1)
        year = sent.journal_year_id
        env.cr.execute(
            """
            INSERT INTO octopus_journal_entry (
                journal_year_id, dossier_id, journal_id, journal_type, number,
                octopus_number, amount, currency_code, document_date,
                relation_octopus_id, comment, data)
            SELECT %(year)s, %(dossier)s, %(journal)s, %(type)s, 1000000 + number,
                   'of others', %(amount)s, 'EUR', CURRENT_DATE - number %% 365,
                   1000000 + number %% 500, 'Subscription ' || number, '{}'
              FROM generate_series(%(first)s + 1, %(last)s) AS number
            """,
            {
                "year": year.id,
                "dossier": year.dossier_id.id,
                "journal": year.journal_id.id,
                "type": year.journal_id.type,
                "amount": sent.amount,
                "first": first,
                "last": last,
            },
        )
        env.cr.execute("ANALYZE octopus_journal_entry")
