"""What a call came to, before it is written."""

from dataclasses import dataclass, field


@dataclass
class Answer:
    """``fields`` of the answer, or else a fault or another status than 200.

    ``code`` and ``technical`` tell of a refusal.
    """

    status: int = 200
    fields: dict = field(default_factory=dict)
    code: int | None = None
    technical: str = ""
    fault_text: str = ""

    @classmethod
    def fault(cls, text):
        """A SOAP fault."""
        return cls(500, fault_text=text)

    @classmethod
    def refusal(cls, code, technical, returns_code):
        """A return code; from an operation without one: nothing."""
        fields = {"return": int(code)} if returns_code else {}
        return cls(fields=fields, code=code, technical=technical)
