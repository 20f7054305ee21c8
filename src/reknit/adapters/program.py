"""Translators that are programs: Apertium's language pairs, and others of its kind.

Rules: the text goes in by standard input and comes out by standard output, as UTF-8; the program
is started without a shell, sees no more of the environment than PATH and a UTF-8 locale, and has a
time limit; an exit status other than 0, an empty output and one that is no UTF-8 are failures,
never translations (Apertium's ukr-rus printed nothing and exited with 0). Rule-based translation
is rough: Apertium lost a pregnancy ("enceinte" became "enclosure"), so its method says "rough".
Apertium marks words that it does not know with `*`; the marks stay, and confidence is the share of
words without one.

    apertium_pairs()                                # those that are installed
    apertium("es", "en").translate("Busco a mi hermano", "es", "en").text
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reknit.adapters.errors import ProviderError
from reknit.adapters.provider import Ability, machine_made
from reknit.language.values import Translation

LONGEST_TEXT = 8_000
TIMEOUT_S = 20.0
_THREE_LETTERS = {"eng": "en", "spa": "es", "fra": "fr", "por": "pt", "rus": "ru", "ukr": "uk"}
_UNKNOWN_WORD = "*"


@dataclass(frozen=True, slots=True)
class ProgramTranslator:
    """A program for one direction. source, target: ISO 639-1. version: of program or model.

    confidence: 0 to 1 from source and translation, None where nothing can be said.
    """

    name: str
    command: tuple[str, ...]
    source: str
    target: str
    version: str
    confidence: Callable[[str, str], float | None] = lambda source, translation: None
    timeout_s: float = TIMEOUT_S

    @property
    def abilities(self) -> frozenset[Ability]:
        """Translation alone."""
        return frozenset({Ability.TRANSLATE})

    def translates(self, source: str, target: str) -> bool:
        """Its one direction."""
        return (source, target) == (self.source, self.target)

    def translate(self, text: str, source: str, target: str) -> Translation:
        """What the program makes of the text. ProviderError where it makes nothing."""
        if not self.translates(source, target):
            raise self._failed(f"has no direction {source} to {target}", "ask another translator")
        if len(text) > LONGEST_TEXT:
            raise self._failed(f"is not given over {LONGEST_TEXT:,} characters", "read it by hand")
        translation = self._run(text).strip()
        if not translation:
            raise self._failed("printed nothing", "read the original")
        made = machine_made(self.name, self.version, self.confidence(text, translation))
        return Translation(translation, target, made)

    def _run(self, text: str) -> str:
        try:
            done = subprocess.run(  # noqa: S603 - a list, no shell; the text goes in by stdin
                self.command,
                input=text.replace("\0", "") + "\n",
                capture_output=True,
                encoding="utf-8",
                timeout=self.timeout_s,
                check=True,
                env=_environment(),
            )
        except subprocess.TimeoutExpired:
            raise self._failed(f"took over {self.timeout_s:g} s", "read the original") from None
        except subprocess.CalledProcessError as error:
            raise self._failed(f"ended with status {error.returncode}", "try it by hand") from None
        except UnicodeError:
            raise self._failed("printed what is no UTF-8", "read the original") from None
        except OSError as error:
            raise self._failed(f"cannot be started ({error.strerror})", "install it") from None
        return done.stdout

    def _failed(self, rule: str, next_step: str) -> ProviderError:
        return ProviderError(self.name, rule, next_step)


def apertium(source: str, target: str, *, program: str = "apertium") -> ProgramTranslator:
    """Apertium's pair for a direction (ISO 639-1). ProviderError where it is not installed."""
    for found_source, found_target, mode in apertium_pairs(program=program):
        if (found_source, found_target) == (source, target):
            return ProgramTranslator(
                f"apertium {mode}, rough",
                (program, mode),
                source,
                target,
                _output([program, "-V"]).strip() or "unknown",
                known_share,
            )
    raise ProviderError(
        "apertium",
        f"no pair from {source} to {target} is installed",
        "install it (Debian: apertium-eng-spa, apertium-fr-es, …)",
    )


def apertium_pairs(*, program: str = "apertium") -> tuple[tuple[str, str, str], ...]:
    """(source, target, mode) of the pairs installed here; empty where Apertium is not.

    source, target: ISO 639-1. Variants of a language (`spa-eng_US`) are left out.
    """
    if shutil.which(program) is None:
        return ()
    pairs = []
    for mode in _output([program, "-l"]).split():
        source, _, target = mode.partition("-")
        source, target = (_THREE_LETTERS.get(code, code) for code in (source, target))
        if len(source) == len(target) == 2:
            pairs.append((source, target, mode))
    return tuple(pairs)


def known_share(source: str, translation: str) -> float:
    """The share of words that Apertium knew.

    >>> known_share("Busco a Villalobos hoy", "I look for *Villalobos today")
    0.8
    """
    words = translation.split()
    known = sum(not word.startswith(_UNKNOWN_WORD) for word in words)
    return round(known / len(words), 3) if words else 0.0


def _output(command: Sequence[str]) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - a list, no shell
            command,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=TIMEOUT_S,
            check=False,
            env=_environment(),
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}
