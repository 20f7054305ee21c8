"""Models and translators that the settings name, for the commands that read messages.

Rules: without settings nothing is asked; a model is tried before it may say anything, and one that
is refused leaves the rules alone, with a line that says why.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from reknit.cli.failures import RefusalError
from reknit.cli.progress import ShowProgress

if TYPE_CHECKING:
    from reknit.adapters import Assistant, Score, Verdict
    from reknit.language import Triage


def assistant_of_settings(
    reader: str, rules: Callable[[str], Triage], progress: ShowProgress
) -> Assistant:
    """What the settings name, ready to be asked. RefusalError where they name nothing."""
    from reknit.adapters import Assistant, model_from, translators_from

    model, translators = model_from(os.environ), translators_from(os.environ)
    if model is None and not translators:
        raise RefusalError(
            "--assisted: neither REKNIT_MODEL_URL nor REKNIT_TRANSLATORS is set; "
            "name what may be asked, or leave the option out."
        )
    if model is not None:
        verdict = tried(rules, progress)
        for reason in verdict.reasons:
            click.echo(f"  {model.name} is refused, the rules stand alone: {reason}", err=True)
        model = verdict.provider
    return Assistant(model, translators, reader=reader, summaries=False)


def tried(rules: Callable[[str], Triage], progress: ShowProgress) -> Verdict:
    """The trial of the model that the settings name. RefusalError where they name none."""
    from reknit.adapters import model_from, try_out

    model = model_from(os.environ)
    if model is None:
        raise RefusalError("REKNIT_MODEL_URL is not set; name the model's address.")
    return try_out(model, rules, progress=lambda share: progress(f"Trying {model.name}", share))


def shown(verdict: Verdict) -> list[str]:
    """A verdict as lines for people."""
    figures = ("categories, F1", "urgent, F1", "urgent, recall", "facts, F1")
    rows = zip(figures, _shares(verdict.model), _shares(verdict.rules), strict=True)
    lines = [f"{'':16}{'model':>8}{'rules':>8}"]
    lines += [f"{name:16}{model:>8}{rules:>8}" for name, model, rules in rows]
    if verdict.admitted:
        return [*lines, "Admitted: it may add to what the rules find."]
    return [*lines, *(f"Refused: {reason}" for reason in verdict.reasons)]


def _shares(score: Score) -> list[str]:
    shares = (score.categories, score.urgent, score.urgent_recall, score.facts)
    return ["–" if share is None else f"{share:.2f}" for share in shares]
