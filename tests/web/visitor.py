"""Somebody at a public door, with a browser of Django's that works for its proofs.

amal = Visitor()
code = amal.seek()
amal.come_back(code)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client

from reknit.web.doors import gate
from tests.cast import AMAL, IDRIS_SOUGHT

SEEKS: Mapping[str, Mapping[str, Any]] = {
    "why": {"relationship": "brother", "reason": "lost"},
    "who": {
        "full_name": IDRIS_SOUGHT["full_name"], "sex": "male", "calendar": "jalali",
        "date_of_birth": "1366/1/13", "home_city": IDRIS_SOUGHT["home_city"],
    },
    "last": {"description": "آخر مرة اتصل من المرفأ"},
    "you": {"seeker_name": AMAL["full_name"], "phones": AMAL["phones"], "danger": "no"},
}  # fmt: skip
"""What Amal says at the door, step by step."""
IS_SAFE: Mapping[str, Mapping[str, Any]] = {
    "you": {
        "speaks": "self", "full_name": "Idris Haddad Al-Shami", "sex": "male",
        "calendar": "gregorian", "date_of_birth": "2 April 1987", "home_city": "Homs",
        "relatives": "father: Yusuf Haddad",
    },
    "family": {"name_1": "Salma Haddad", "relation_1": "spouse", "born_1": "1990"},
    "where": {"last_known_location": "Zuwara, the old harbour", "phones": "+218 91 555 0123"},
    "may": {"scopes": ["alive"], "block_names": "Rafi Mardirosian"},
}  # fmt: skip
"""What Idris says."""


class Visitor:
    """A client with its cookies."""

    def __init__(self, address: str = "198.51.100.7", language: str = "en") -> None:
        self.client = Client(REMOTE_ADDR=address, headers={"accept-language": language})

    def page(self, place: str) -> str:
        """The text of a page."""
        answer = self.client.get(place, follow=True)
        assert answer.status_code == 200, (place, answer.status_code)
        return unescape(answer.content.decode())

    def begin(self, door: str) -> HttpResponse:
        """Work for the proof and begin."""
        return self.client.post(f"/{door}/", self.proof(door))  # type: ignore[return-value]

    def proof(self, door: str) -> dict[str, str]:
        """The fields of a form whose proof was worked for."""
        text, bits = self.challenge(door)
        found = next(n for n in range(1 << 26) if gate.is_solved(text, bits, str(n)))
        return {"challenge": text, "proof": str(found)}

    def challenge(self, door: str) -> tuple[str, int]:
        """What the door's page asks for."""
        match = re.search(
            r'name="challenge" value="([^"]+)" data-bits="(\d+)"', self.page(f"/{door}/")
        )
        assert match is not None
        return match[1], int(match[2])

    def tell(self, door: str, said: Mapping[str, Mapping[str, Any]]) -> None:
        """Begin, and fill in each step."""
        assert self.begin(door).status_code == 302
        for step, fields in said.items():
            answer = self.client.post(f"/{door}/{step}/", fields)
            assert answer.status_code == 302, (step, unescape(answer.content.decode()))

    def send(self, door: str) -> str:
        """Send it; the receipt code."""
        answer = self.client.post(f"/{door}/check/", {"agreed": "on"})
        match = re.search(r'id="code">([^<]+)<', answer.content.decode())
        assert match is not None, (answer.status_code, answer.headers.get("Location"))
        return match[1]

    def seek(self, said: Mapping[str, Mapping[str, Any]] = SEEKS) -> str:
        """File an enquiry; its code."""
        self.tell("seek", said)
        return self.send("seek")

    def register(self, said: Mapping[str, Mapping[str, Any]] = IS_SAFE) -> str:
        """Register; its code."""
        self.tell("safe", said)
        return self.send("safe")

    def come_back(self, code: str) -> HttpResponse:
        """Show the code."""
        return self.client.post("/back/", {"code": code})  # type: ignore[return-value]

    def post(self, place: str, fields: Mapping[str, Any]) -> str:
        """Send a form of a page that one came back to; the page that follows."""
        answer = self.client.post(place, fields, follow=True)
        assert answer.status_code == 200, (place, answer.status_code)
        return unescape(answer.content.decode())
