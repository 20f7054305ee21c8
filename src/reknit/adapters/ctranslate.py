"""Translation models in a folder, run by CTranslate2 on this machine: Argos packages and OPUS-MT.

Rules: a folder holds a CTranslate2 model (`model.bin`, itself or in `model/`), the SentencePiece
models it was trained with (`source.spm` and `target.spm`, or one `sentencepiece.model`) and, in an
Argos package, `metadata.json` with `from_code`, `to_code` and `package_version`; without that the
caller says the direction. Sentences are translated one by one, line breaks kept. An empty
translation is a failure. Nothing is fetched: what is not in the folder is missing. It needs the
extra `reknit[translate]` (ctranslate2, sentencepiece).

    model = FolderTranslator.open(Path("translate-uk_en-1_9"))
    model.translate("Шукаю брата.", "uk", "en").text
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reknit.adapters.errors import EndpointError, ProviderError
from reknit.adapters.provider import Ability, machine_made
from reknit.language.values import Translation

LONGEST_TEXT = 8_000
BEAM = 4
MOST_PIECES = 400
"""Of one sentence's translation, in SentencePiece's pieces."""
_SENTENCE_END = re.compile(r"(?<=[.!?…。！？؟۔።॥।၊။])\s+")


@dataclass(frozen=True, slots=True)
class FolderTranslator:
    """One direction. source, target: ISO 639-1. name, version: of the folder's model."""

    name: str
    version: str
    source: str
    target: str
    translator: Any
    source_pieces: Any
    target_pieces: Any

    @classmethod
    def open(
        cls, folder: Path, *, source: str | None = None, target: str | None = None, threads: int = 1
    ) -> FolderTranslator:
        """The model of a folder. EndpointError where something is missing in it."""
        try:
            import ctranslate2
            import sentencepiece
        except ImportError:
            raise EndpointError(
                str(folder), "ctranslate2 and sentencepiece are not installed",
                "install reknit[translate]",
            ) from None  # fmt: skip
        about = _metadata(folder)
        source = source or about.get("from_code")
        target = target or about.get("to_code")
        if not source or not target:
            raise EndpointError(
                str(folder), "no metadata.json says the direction", "name source and target"
            )
        model = _first(folder, "model.bin", "model/model.bin").parent
        pieces = [
            _first(folder, side, "sentencepiece.model") for side in ("source.spm", "target.spm")
        ]
        try:
            translator = ctranslate2.Translator(str(model), device="cpu", inter_threads=1,
                                                intra_threads=threads)  # fmt: skip
            loaded = [sentencepiece.SentencePieceProcessor(model_file=str(p)) for p in pieces]
        except (RuntimeError, ValueError, OSError):
            raise EndpointError(
                str(folder), "it holds no model that can be loaded", "copy the folder again"
            ) from None
        version = str(about.get("package_version") or "unknown")
        return cls(folder.name, version, source, target, translator, loaded[0], loaded[1])

    @property
    def abilities(self) -> frozenset[Ability]:
        """Translation alone."""
        return frozenset({Ability.TRANSLATE})

    def translates(self, source: str, target: str) -> bool:
        """Its one direction."""
        return (source, target) == (self.source, self.target)

    def translate(self, text: str, source: str, target: str) -> Translation:
        """The text, sentence by sentence. ProviderError where nothing comes of it."""
        if not self.translates(source, target):
            raise self._failed(f"has no direction {source} to {target}", "ask another translator")
        if len(text) > LONGEST_TEXT:
            raise self._failed(f"is not given over {LONGEST_TEXT:,} characters", "read it by hand")
        lines = [self._line(line) for line in text.splitlines()]
        translation = "\n".join(lines).strip()
        if not translation:
            raise self._failed("made nothing of it", "read the original")
        return Translation(translation, target, machine_made(self.name, self.version, None))

    def _line(self, line: str) -> str:
        sentences = [part for part in _SENTENCE_END.split(line) if part.strip()]
        if not sentences:
            return ""
        pieces = [self.source_pieces.encode(part, out_type=str) for part in sentences]
        try:
            results = self.translator.translate_batch(
                pieces, beam_size=BEAM, max_decoding_length=MOST_PIECES
            )
        except RuntimeError:
            raise self._failed("could not translate it", "read the original") from None
        made = [self.target_pieces.decode(result.hypotheses[0]).strip() for result in results]
        if not all(made):
            raise self._failed("left a sentence empty", "read the original")
        return " ".join(made)

    def _failed(self, rule: str, next_step: str) -> ProviderError:
        return ProviderError(self.name, rule, next_step)


def _metadata(folder: Path) -> dict[str, Any]:
    path = folder / "metadata.json"
    if not path.exists():
        return {}
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError):
        about = None
    if not isinstance(about, dict):
        raise EndpointError(str(path), "it is no JSON object", "copy the folder again")
    return about


def _first(folder: Path, *names: str) -> Path:
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise EndpointError(str(folder), f"{' or '.join(names)} is missing", "copy the folder again")
