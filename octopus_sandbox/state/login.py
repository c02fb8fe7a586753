"""Somebody who can log in."""

from dataclasses import dataclass, field


@dataclass
class Login:
    """An Octopus user, seen through one software house."""

    user: str
    password: str
    software_house: str
    dossiers: list[int] = field(default_factory=list)
    web_service: bool = True
    failed_attempts: int = 0
