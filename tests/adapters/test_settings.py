"""Models and translators are named in the environment, and a mistake there by its setting."""

from __future__ import annotations

from pathlib import Path

import pytest

from reknit.adapters import EndpointError, apertium_pairs, model_from, translators_from

GOOD = {"REKNIT_MODEL_URL": "http://127.0.0.1:8080/v1", "REKNIT_MODEL_NAME": "m"}


def test_without_settings_nothing_is_asked() -> None:
    assert model_from({}) is None
    assert model_from({"REKNIT_MODEL_NAME": "m", "REKNIT_MODEL_URL": " "}) is None


def test_all_settings_are_read() -> None:
    model = model_from(
        {
            "REKNIT_MODEL_URL": "https://models.example/v1",
            "REKNIT_MODEL_NAME": "m",
            "REKNIT_MODEL_HOSTS": "other.example, models.example",
            "REKNIT_MODEL_TIMEOUT": "7.5",
            "REKNIT_MODEL_KEY": "k",
        }
    )
    assert model is not None
    assert model.endpoint.place == "https://models.example:443"
    assert model.endpoint.timeout_s == 7.5
    assert model.endpoint.key == "k"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("REKNIT_MODEL_URL", "https://api.example.com/v1"),
        ("REKNIT_MODEL_URL", "nonsense"),
        ("REKNIT_MODEL_NAME", " "),
        ("REKNIT_MODEL_TIMEOUT", "soon"),
        ("REKNIT_MODEL_TIMEOUT", "0"),
        ("REKNIT_MODEL_TIMEOUT", "-1"),
        ("REKNIT_MODEL_TIMEOUT", "nan"),
        ("REKNIT_MODEL_TIMEOUT", "inf"),
    ],
)
def test_a_mistake_is_named_by_its_setting(setting: str, value: str) -> None:
    with pytest.raises(EndpointError, match=f"^{setting}"):
        model_from({**GOOD, setting: value})


def test_translators_are_named_one_after_the_other() -> None:
    assert translators_from({}) == ()
    if apertium_pairs():
        found = translators_from({"REKNIT_TRANSLATORS": " apertium ,"})
        assert len(found) == len(apertium_pairs())
        assert all(translator.name.startswith("apertium") for translator in found)


def test_a_translator_that_is_none_is_named_by_its_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("/no/such/folder", str(tmp_path)):
        with pytest.raises(EndpointError, match=r"^REKNIT_TRANSLATORS"):
            translators_from({"REKNIT_TRANSLATORS": name})
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EndpointError, match="Apertium has no pair"):
        translators_from({"REKNIT_TRANSLATORS": "apertium"})
