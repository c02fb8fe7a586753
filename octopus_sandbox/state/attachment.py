"""A file that belongs to a booking."""

from dataclasses import dataclass


@dataclass
class Attachment:
    """A file with its name."""

    name: str
    content: bytes
