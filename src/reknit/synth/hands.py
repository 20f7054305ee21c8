"""A hand that writes: one relative's form, or one desk's sheet, with its habits and its slips.

Rules: one hand writes one script; within one form it mostly spells a name the same way each time;
names that a family has on paper are mostly copied from there.

>>> from reknit.synth.cultures import culture
>>> from reknit.synth.people import make_household
>>> home = make_household(culture("syria"), Random(3), Noise())
>>> hand = Hand(Manner("latin", "de"), home, Random(3), Noise(spelled_anew=0), desk=True)
>>> hand.word(home.place.town).isascii()
True
"""

from __future__ import annotations

from random import Random

from reknit.synth.cultures import Manner
from reknit.synth.entries import Entry, weighted
from reknit.synth.noise import Noise
from reknit.synth.people import Household, Person, name_of
from reknit.synth.spelling import (
    CASED_SCRIPTS,
    capitals,
    latin_forms,
    misscan,
    mistype,
    orthography,
    spellings,
    write_native,
)

FAMILY_ROLES = frozenset({"family", "family2", "postnom"})
_HONORIFICS = {
    "en": ("Mr", "Mrs"),
    "de": ("Herr", "Frau"),
    "fr": ("M.", "Mme"),
    "es": ("Sr.", "Sra."),
    "ar": ("السيد", "السيدة"),
    "fa": ("آقای", "خانم"),
    "am": ("አቶ", "ወይዘሮ"),
    "ti": ("ኣይተ", "ወይዘሮ"),
    "el": ("κ.", "κα"),
    "tr": ("Bay", "Bayan"),
    "bn": ("জনাব", "মোছাঃ"),
}
_BURMESE = {"native": ("ဦး", "ကို", "မောင်", "ဒေါ်", "မ"), "latin": ("U", "Ko", "Maung", "Daw", "Ma")}


class Hand:
    """Writes the names of one household on one form."""

    def __init__(
        self, manner: Manner, home: Household, rng: Random, noise: Noise, *, desk: bool
    ) -> None:
        custom = home.culture
        self._second = manner.script == "second"
        self._native = manner.script == "native"
        self.script = manner.script
        if self._native:
            self.script = custom.script
        elif self._second:
            self.script = "latin" if custom.name == "kurdistan" else "myanmar"
        self.language = manner.language
        self._home, self._rng, self._noise, self._desk = home, rng, noise, desk
        self._free = custom.script not in {"cyrillic", "han"}
        self._index = 1 if manner.language == "ru" or custom.name == "hongkong" else 0
        self._papers = manner.script == "latin" and rng.random() < noise.from_paper
        self._scanned = desk and rng.random() < noise.scanned
        self._capitals = (
            desk and self.script in CASED_SCRIPTS and rng.random() < noise.capitals_found
        )
        self._memory: dict[Entry, str] = {}
        layout = rng.random()
        self.layout = "full" if layout < 0.6 else "parts" if layout < 0.88 else "both"
        self._family_first = rng.random() < 0.2 and desk
        self._comma = desk and self.script in CASED_SCRIPTS and rng.random() < noise.comma

    def word(self, entry: Entry) -> str:
        """`entry` as this hand writes it: mostly the same way each time, with slips."""
        known = self._memory.get(entry)
        if known is None or self._rng.random() < self._noise.spelled_anew:
            known = self._memory[entry] = self._spell(entry)
        return self._slip(known)

    def _spell(self, entry: Entry) -> str:
        rng = self._rng
        if self._second:
            return entry.second or spellings(latin_forms(entry), "latin", "en")[0][0]
        if self._native:
            varied = self._free and rng.random() < self._noise.native_variant
            text = write_native(entry, self._index, varied, rng)
            if rng.random() < self._noise.orthography:
                text = orthography(text, self.script, rng)
            return text
        if self._papers:
            papers = self._home.papers
            if entry not in papers:
                forms, weights = spellings(latin_forms(entry), "latin", "en")
                papers[entry] = weighted(forms, weights, rng)
            return papers[entry]
        forms, weights = spellings(latin_forms(entry), self.script, self.language)
        return weighted(forms, weights, rng)

    def _slip(self, text: str) -> str:
        rng, noise = self._rng, self._noise
        if rng.random() < noise.typed_error:
            text = mistype(text, rng)
        if self._scanned and rng.random() < noise.scan_error:
            text = misscan(text, self.script, rng)
        return capitals(text, self.script) if self._capitals else text

    def parts(self, person: Person, *, short: bool = False) -> list[tuple[str, str]]:
        """The roles that this hand writes of a person's name, in the culture's order."""
        custom, rng = person.culture, self._rng
        parts = []
        for role in custom.order:
            keep = custom.keep.get(role, (1.0, 1.0))[self._desk]
            entry = name_of(person, role)
            if entry is None or (short and role != "given") or rng.random() >= keep:
                continue
            parts.append((role, self.word(entry)))
        return self._initialled(parts)

    def _initialled(self, parts: list[tuple[str, str]]) -> list[tuple[str, str]]:
        abbreviates = self._desk and len(parts) > 2 and self.script in CASED_SCRIPTS
        if not abbreviates or self._rng.random() >= self._noise.initials:
            return parts
        role, text = parts[1]
        return [parts[0], (role, text[0] + "."), *parts[2:]]

    def full(self, parts: list[tuple[str, str]], person: Person) -> str:
        """The parts on one line, with an honorific now and then."""
        rng = self._rng
        family = [text for role, text in parts if role in FAMILY_ROLES]
        others = [text for role, text in parts if role not in FAMILY_ROLES]
        if self._native and self.script == "han":
            return "".join(text for _, text in parts)
        if self._comma and family and others:
            return f"{' '.join(family)}, {' '.join(others)}"
        words = [text for _, text in parts]
        if family and person.culture.order[0] not in FAMILY_ROLES and self._family_first:
            words = family + others
        elif family and person.culture.order[0] in FAMILY_ROLES and self._western(rng):
            words = others + family
        return " ".join(self._honorific(person, rng) + words)

    def _western(self, rng: Random) -> bool:
        return rng.random() < (0.4 if self._native else 0.55)

    def _honorific(self, person: Person, rng: Random) -> list[str]:
        if person.culture.custom == "burmese":
            if rng.random() < 0.45:
                return []
            age = 2026 - person.birth.year
            man = person.sex == "male"
            rank = (0 if age > 40 else 1 if age > 18 else 2) if man else (3 if age > 35 else 4)
            return [_BURMESE["native" if self._native else "latin"][rank]]
        if rng.random() >= self._noise.honorific or self.language not in _HONORIFICS:
            return []
        if person.birth.year > 2008:
            return []
        return [_HONORIFICS[self.language][person.sex != "male"]]

    def nickname(self, person: Person) -> str | None:
        """What the person is called at home, if the lists know a pet form."""
        forms = person.names["given"].nicknames
        if not forms:
            return None
        native, latin = self._rng.choice(forms)
        return native if self._native else latin
