"""What each act changed on both sides, line by line: the story of a schedule."""

import json

# What of each table tells a story, by the name that a line begins with.
TABLES = {
    "document": """
        SELECT row.id, row.document_name, row.move_id, move.state, move.payment_state,
               move.amount_residual, row.state, row.cause, row.number
          FROM octopus_booking AS row LEFT JOIN account_move AS move
               ON move.id = row.move_id""",
    "entry": """
        SELECT id, octopus_number, comment, amount, booking_id, deleted
          FROM octopus_journal_entry""",
    "payment": """
        SELECT id, reference, move_id, amount, state, match_state, cause, number
          FROM octopus_payment""",
    "account.payment": """
        SELECT id, name, amount, state, move_id FROM account_payment""",
    "match here": """
        SELECT id, debit_booking_id, credit_booking_id, amount, pending, made,
               problem->>'code' FROM octopus_balancing""",
    "question": """
        SELECT id, code, state, balancing_id FROM octopus_payment_question""",
    "plan": "SELECT id, state FROM octopus_payment_plan",
}


def picture(world):
    """Return what stands on both sides: ``{(kind, id): text}``."""
    found = {}
    for kind, query in TABLES.items():
        for id_, *values in world.rows(query):
            found[kind, id_] = " ".join(map(str, values))
    for side in world.sides:
        for key, it in world.octopus.documents(side.number).items():
            names = ("comment", "relation", "amount", "open_document")
            told = " ".join(str(it.get(name)) for name in names)
            found["Octopus", f"{side.number} {key}"] = told
        books = f"/dossiers/{side.number}"
        for it in world.octopus.ask(f"{books}/payments"):
            found["money", f"{side.number} {it['key']}"] = json.dumps(it["lines"])
        for it in world.octopus.ask(f"{books}/matches"):
            where = f"{side.number} {it['debit']} = {it['credit']}"
            found["match", where] = it["amount"]
    return found


def changes(before, after):
    """Return a line for each difference of two pictures."""
    return [
        f"    {' '.join(map(str, key))}: {before.get(key)} → {after.get(key)}"
        for key in sorted(before.keys() | after.keys(), key=str)
        if before.get(key) != after.get(key)
    ]


class Trace:
    """Writes down what each step of a schedule changed."""

    def __init__(self, world):
        self._world = world
        self._seen = picture(world)

    def write(self, file):
        """Write what changed since the last time."""
        before, self._seen = self._seen, picture(self._world)
        for line in changes(before, self._seen):
            print(line, file=file)
