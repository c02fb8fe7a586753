"""The demonstration's first dossier alone, under another name."""

from . import demo


def fill(state, **values):
    """Put the logins and one dossier into an empty state.

    ``values`` are of the dossier: ``name``, ``vat_number``, ``street``,
    ``postal_code``, ``city``, ``email``.
    """
    demo.fill(state)
    for number in set(state.dossiers) - {demo.MAIN}:
        del state.dossiers[number]
    for login in state.logins.values():
        login.dossiers = [demo.MAIN] if login.dossiers else []
    for name, value in values.items():
        setattr(state.dossiers[demo.MAIN], name, value)
