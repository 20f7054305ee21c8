"""Translation models in a folder, by the real libraries with a model made here: a few random
weights and a vocabulary of a few sentences. What it says means nothing; how it is run is proved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reknit.adapters import Ability, EndpointError, FolderTranslator, ProviderError, is_machine_made

SENTENCES = ["busco a mi hermano", "i look for my brother", "estamos bien", "we are safe"] * 8


WIDTH = 16
ROWS = {
    "self_attention/linear_0": (3 * WIDTH, WIDTH),
    "attention/linear_1": (2 * WIDTH, WIDTH),
    "self_attention/linear_1": (WIDTH, WIDTH),
    "ffn/linear_0": (2 * WIDTH, WIDTH),
    "ffn/linear_1": (WIDTH, 2 * WIDTH),
}
"""Shapes of a transformer's matrices, where they are not WIDTH × WIDTH."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as Argos packages are: metadata.json, sentencepiece.model, model/."""
    import numpy as np
    import sentencepiece
    from ctranslate2.specs.model_spec import visit_spec
    from ctranslate2.specs.transformer_spec import TransformerSpec

    folder = tmp_path_factory.mktemp("made") / "translate-es_en"
    folder.mkdir()
    (folder / "corpus.txt").write_text("\n".join(SENTENCES), encoding="utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(folder / "corpus.txt"),
        model_prefix=str(folder / "sentencepiece"),
        vocab_size=26,
        minloglevel=2,
    )
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / "sentencepiece.model"))
    vocabulary = [pieces.id_to_piece(number) for number in range(pieces.get_piece_size())]
    dice = np.random.default_rng(7)

    def fill(part: object, name: str, value: object) -> None:
        if value is not None:
            return
        place, _, attribute = name.rpartition("/")
        if attribute in {"gamma", "beta"}:
            made = np.full(WIDTH, attribute == "gamma", np.float32)
        elif "embeddings" in place or place.endswith("projection"):
            made = dice.normal(0, 0.6, (len(vocabulary), WIDTH)).astype(np.float32)
        else:
            shape = ROWS.get("/".join(place.split("/")[-2:]), (WIDTH, WIDTH))
            made = dice.normal(0, 0.6, shape).astype(np.float32)
        setattr(part, attribute, made)

    spec = TransformerSpec.from_config(1, 2)
    visit_spec(spec, fill)
    spec.register_source_vocabulary(vocabulary)
    spec.register_target_vocabulary(vocabulary)
    spec.validate()
    (folder / "model").mkdir()
    spec.save(str(folder / "model"))
    about = {"from_code": "es", "to_code": "en", "package_version": "1.9"}
    (folder / "metadata.json").write_text(json.dumps(about), encoding="utf-8")
    return folder


@pytest.mark.long
def test_it_translates_sentence_by_sentence_and_keeps_lines(folder: Path) -> None:
    model = FolderTranslator.open(folder)
    assert model.abilities == {Ability.TRANSLATE}
    assert model.translates("es", "en")
    assert not model.translates("en", "es")
    translation = model.translate("busco a mi hermano. estamos bien.\nestamos bien.", "es", "en")
    assert translation.language == "en"
    assert translation.text.count("\n") == 1
    assert is_machine_made(translation.made)
    assert translation.made.version == "1.9"


@pytest.mark.long
def test_what_it_makes_nothing_of_is_a_failure(folder: Path) -> None:
    model = FolderTranslator.open(folder)
    with pytest.raises(ProviderError, match="made nothing"):
        model.translate(" \n ", "es", "en")
    with pytest.raises(ProviderError, match="no direction"):
        model.translate("hola", "fr", "en")


@pytest.mark.long
@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda f: (f / "model" / "model.bin").unlink(), "model.bin"),
        (lambda f: (f / "sentencepiece.model").unlink(), "sentencepiece.model"),
        (lambda f: (f / "sentencepiece.model").write_bytes(b"none"), "no model that can be loaded"),
        (lambda f: (f / "model" / "model.bin").write_bytes(b"none"), "no model that can be loaded"),
        (lambda f: (f / "metadata.json").write_text("[]"), "no JSON object"),
        (lambda f: (f / "metadata.json").unlink(), "direction"),
    ],
)
def test_a_folder_that_lacks_something_is_refused_in_one_line(
    folder: Path, tmp_path: Path, break_it: object, said: str
) -> None:
    import shutil

    broken = tmp_path / "broken"
    shutil.copytree(folder, broken)
    break_it(broken)  # type: ignore[operator]
    with pytest.raises(EndpointError, match=said) as refused:
        FolderTranslator.open(broken)
    assert "\n" not in str(refused.value)


def test_without_the_libraries_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "ctranslate2", None)
    with pytest.raises(EndpointError, match=r"install reknit\[translate\]"):
        FolderTranslator.open(tmp_path)
