"""The demonstration's dossiers, and as many more under the same login."""

from . import demo
from .belgium import vat_number
from .dossiers import make_dossier, show_master_data

FIRST = 72001


def fill(state, count):
    """Put logins and ``count`` dossiers, three at least, into an empty state."""
    demo.fill(state)
    login = state.logins[demo.USER]
    year = state.clock.today().year
    for index in range(count - len(login.dossiers)):
        dossier = make_dossier(
            year,
            bank=100 + index,
            id=FIRST + index,
            name=f"Demo {FIRST + index}",
            vat_number=vat_number(f"09{index:06}"),
            street="Markt 1",
            postal_code="9000",
            city="Gent",
            corporation_type=9,
        )
        state.dossiers[dossier.id] = dossier
        show_master_data(dossier, state.clock)
        login.dossiers.append(dossier.id)
