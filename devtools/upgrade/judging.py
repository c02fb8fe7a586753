"""What must have become of a document or a payment after an upgrade. Pure."""

from dataclasses import dataclass, field
from decimal import Decimal

# States in which Octopus has a booking.
THERE = ("booked", "changed", "differs", "reversed")
IN_DOUBT = ("sending", "unknown")


@dataclass
class Fate:
    """A document or a payment, before the upgrade and at the end.

    :param name: for people
    :param wanted: the state it must have in the end
    :param before: its row then: ``state``, ``cause``, ``number``, ``amount``
    :param after: its row in the end
    :param found: what stands in Octopus for it: ``{key, number, amount}`` each
    :param stood: whether its number stood in Octopus before the upgrade; one that was
        claimed and never came there may become another
    """

    name: str
    wanted: str
    before: dict
    after: dict
    found: list = field(default_factory=list)
    stood: bool = True

    @property
    def wrong(self) -> list[str]:
        """What is not as it must be, a sentence each."""
        wrong = []
        if self.after["state"] != self.wanted:
            wrong.append(f"is {_state(self.after)}, not {self.wanted}")
        wanted = int(self.wanted in THERE)
        if len(self.found) != wanted:
            keys = ", ".join(it["key"] for it in self.found) or "nowhere"
            wrong.append(
                f"is in Octopus {len(self.found)} times ({keys}), not {wanted}"
            )
        kept = self.before["number"] and self.stood
        if kept and self.before["number"] != self.after["number"]:
            wrong.append(f"has number {self.after['number']} now")
        if self.wanted in THERE and len(self.found) == 1:
            wrong += self._differences(*self.found)
        return wrong

    def _differences(self, found):
        if found["number"] != self.after["number"]:
            yield f"has number {found['number']} in Octopus"
        same = Decimal(found["amount"]) == Decimal(str(self.after["amount"]))
        # Somebody changed it on one side, and that is what its state says.
        if same == (self.wanted == "differs"):
            yield f"is {found['amount']} in Octopus, {self.after['amount']} in Odoo"

    def line(self) -> str:
        """One line for people."""
        keys = ", ".join(it["key"] for it in self.found) or "-"
        columns = (
            f"{self.name:<62}",
            f"{_state(self.before):<28}",
            f"{self.before['number'] or '-':>5}",
            f"{_state(self.after):<20}",
            f"{self.after['number'] or '-':>5}",
            f"{keys:<10}",
            "; ".join(self.wrong) or "ok",
        )
        return " ".join(columns).rstrip()


def _state(row):
    cause = f" ({row['cause']})" if row.get("cause") else ""
    return f"{row['state']}{cause}"


def unexplained(bookings, known) -> list[str]:
    """Return a sentence for each booking in Octopus that nobody made.

    :param bookings: keys of all that stands there
    :param known: keys of what Odoo has, and of what the accountant booked
    """
    return [f"{key} is nobody's" for key in bookings if key not in known]


def unlike(here, there) -> list[str]:
    """Return a sentence for each document of which another amount is open.

    :param here: ``{key: amount}`` that is open in Odoo, without sign
    :param there: the same in Octopus
    """
    return [
        f"of {key} {amount} is open in Odoo, {there[key]} in Octopus"
        for key, amount in sorted(here.items())
        if key in there and amount != there[key]
    ]
