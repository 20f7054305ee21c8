"""What may be asked of the index."""

from __future__ import annotations

from reknit.guard.keeper.errors import QuestionError
from reknit.guard.keeper.messages import COLUMNS, KINDS, Question, Questions

MOST_HITS = 100
MOST_TOGETHER = 100
"""People asked for in one message."""


def check_questions(questions: Questions) -> None:
    """Raises QuestionError where one of them is no search for a person, or they are too many."""
    if len(questions.contents) > MOST_TOGETHER:
        raise QuestionError(f"contents: {len(questions.contents)}; ask for {MOST_TOGETHER}.")
    for question in questions.each():
        check_question(question)


def check_question(question: Question) -> None:
    """Raises QuestionError, which names the place, for what is no search for a person."""
    if question.kind not in KINDS:
        raise QuestionError(f"kind: {question.kind!r} is none of {', '.join(KINDS)}.")
    unknown = set(question.content) - set(COLUMNS)
    if unknown:
        raise QuestionError(
            f"content: {len(unknown)} of its columns are none that a search knows; "
            "docs/reference/tables.md lists them."
        )
    if not 1 <= question.top <= MOST_HITS:
        raise QuestionError(f"top: {question.top} answers; ask for 1 to {MOST_HITS}.")
