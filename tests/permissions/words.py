"""What a line of the matrix is made of; matrix.py says what the words mean."""

from dataclasses import dataclass

PUBLIC, SIGNED_IN, DEMO, OWN = "public", "signed_in", "demo", "own"
SUPERUSER, NOBODY = "superuser", "nobody"
TOKEN = "token"
BOTH = "GET POST"


@dataclass(frozen=True)
class Route:
    """One line of the matrix."""

    path: str
    who: str
    methods: str = "GET"
    of: str = ""
    query: str = ""

    def __str__(self) -> str:
        return f"{self.path}{'?' + self.query if self.query else ''}"
