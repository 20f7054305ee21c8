"""Programs that translate: Apertium where it is installed, and what a program may do wrong."""

from __future__ import annotations

import shutil
import sys

import pytest

from reknit.adapters import (
    Ability,
    ProgramTranslator,
    ProviderError,
    apertium,
    apertium_pairs,
    is_machine_made,
)

needs_apertium = pytest.mark.skipif(
    ("es", "en") not in [pair[:2] for pair in apertium_pairs()],
    reason="Debian's apertium and apertium-eng-spa are not installed",
)


def program(code: str, timeout_s: float = 20.0) -> ProgramTranslator:
    """A translator that is a Python program."""
    return ProgramTranslator(
        "small program", (sys.executable, "-c", code), "es", "en", "1", timeout_s=timeout_s
    )


@needs_apertium
def test_apertium_translates_roughly_and_says_so() -> None:
    translation = apertium("es", "en").translate("Busco a mi hermano José Villalobos", "es", "en")
    assert "my brother" in translation.text
    assert "*Villalobos" in translation.text
    assert is_machine_made(translation.made)
    assert "rough" in translation.made.method
    assert translation.made.version.startswith("Apertium")
    assert translation.made.confidence is not None
    assert 0.5 < translation.made.confidence < 1


@needs_apertium
def test_a_pair_that_is_not_installed_is_refused() -> None:
    with pytest.raises(ProviderError, match="no pair from my to en"):
        apertium("my", "en")


def test_without_apertium_there_are_no_pairs() -> None:
    assert apertium_pairs(program="no-such-program") == ()
    with pytest.raises(ProviderError, match="is installed"):
        apertium("es", "en", program="no-such-program")


def test_the_text_goes_in_and_comes_out_whatever_its_script() -> None:
    echo = program("import sys; sys.stdout.write(sys.stdin.read())")
    for text in ("Busco a mi hermano", "أبحث عن أخي", "ወንድሜ\nሁለት", "$(reboot); `id` && -rf"):
        assert echo.translate(text, "es", "en").text == text


@pytest.mark.parametrize("code", ["pass", "print()", "print('  \\n')"])
def test_an_empty_output_is_a_failure_and_no_translation(code: str) -> None:
    with pytest.raises(ProviderError, match="printed nothing"):
        program(code).translate("enceinte", "es", "en")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("print('half'); raise SystemExit(3)", "status 3"),
        ("import sys; sys.stdout.buffer.write(b'\\xff\\xfe')", "no UTF-8"),
        ("import time; time.sleep(30)", "took over"),
    ],
)
def test_a_program_that_fails_translates_nothing(code: str, said: str) -> None:
    with pytest.raises(ProviderError, match=said):
        program(code, timeout_s=2).translate("hola", "es", "en")


def test_a_program_that_is_missing_is_said_to_be() -> None:
    missing = ProgramTranslator("gone", ("/no/such/program",), "es", "en", "1")
    with pytest.raises(ProviderError, match="cannot be started"):
        missing.translate("hola", "es", "en")


def test_it_sees_no_secret_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REKNIT_MODEL_KEY", "secret-key")
    code = "import os; print(sorted(os.environ))"
    shown = program(code).translate("hola", "es", "en").text
    assert "PATH" in shown
    assert "REKNIT" not in shown
    assert "HOME" not in shown


def test_it_has_one_direction_and_one_ability() -> None:
    one = program("pass")
    assert one.abilities == {Ability.TRANSLATE}
    assert one.translates("es", "en")
    assert not one.translates("en", "es")
    with pytest.raises(ProviderError, match="no direction"):
        one.translate("hello", "en", "es")


def test_a_long_text_is_not_given_to_it() -> None:
    with pytest.raises(ProviderError, match="characters"):
        program("print('x')").translate("x" * 9_000, "es", "en")


def test_apertium_is_looked_for_by_its_name() -> None:
    assert (shutil.which("apertium") is None) == (apertium_pairs() == ())
