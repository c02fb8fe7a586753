"""What the watchdog looks at in a dossier: each check reads, writes nothing, and gives
back what does not mend itself. Beside each stands where it may find something at all,
asked for many dossiers at once, in a number of queries that does not grow with them: a
dossier in which all is well costs no look of its own.

``silence``: what does not happen any more; ``outboxes``: what stays on its way, or
waits for a person; ``contacts``: who could not be imported or created; ``unreadable``:
what came and cannot be used; ``year_turn``: what the next bookyear lacks.
"""

# So many of a kind are named in a text.
NAMED = 5
