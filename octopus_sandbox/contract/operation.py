"""One operation of the REST contract."""

from dataclasses import dataclass, field

DOSSIER = "/dossiers/{dossierId}"


@dataclass(frozen=True, eq=False)
class Operation:
    """What the contract says of one call.

    ``answers`` maps a status to the type of its body (``None`` = no body promised,
    ``"text"`` = plain text); ``errors`` lists the statuses that answer with an
    ErrorResult. Parameter types are in the notation of :mod:`.schemas`.
    ``daily_limit_filtered`` is the limit when a search parameter is given.
    """

    id: str
    method: str
    template: str
    answers: dict
    path: dict = field(default_factory=dict)
    query: dict = field(default_factory=dict)
    header: dict = field(default_factory=dict)
    body: str | None = None
    errors: tuple = (400, 401)
    daily_limit: int | None = None
    daily_limit_filtered: int | None = None

    @property
    def in_dossier(self):
        """Whether the call needs a dossier token."""
        return self.template.startswith("~")

    @property
    def full_path(self):
        """Path below the base address, with ``{name}`` for its parameters."""
        return self.template.replace("~", DOSSIER, 1)

    @property
    def path_parameters(self):
        """Types of the path's parameters by name."""
        dossier = {"dossierId": "int"} if self.in_dossier else {}
        return dossier | self.path

    @property
    def header_parameters(self):
        """Types of the header parameters by name."""
        token = {"dossierToken": "str!"} if self.in_dossier else {}
        return token | self.header

    def limit(self, filtered=False):
        """Calls allowed a day, or ``None`` where the contract states no limit."""
        return (
            self.daily_limit_filtered
            if filtered and self.daily_limit_filtered
            else self.daily_limit
        )
