"""The project's own messages: marks give right offsets, labels hold, and the score is fair."""

from __future__ import annotations

import doctest
from collections import Counter
from pathlib import Path
from types import ModuleType

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.messages import desk, marking, scoring
from benchmarks.messages.marking import Fact, Half, Message, read_file, read_marks
from benchmarks.messages.scoring import SCORED_KINDS, Counts, Found, added, match_facts

EVERY = desk.all_messages()
PLAIN = marking.read_plain()
REGIONS = {
    "am": "ET", "ar": "SY", "bn": "BD", "en": "US", "es": "CO", "fa": "AF", "fr": "FR", "ku": "IQ",
    "my": "MM", "ps": "AF", "ru": "RU", "sw": "KE", "tr": "TR", "uk": "UA", "ur": "PK", "zh": "TW",
}  # fmt: skip
"""Where a number without a country code is at home."""
AT_HOME_ELSEWHERE = {"fr-38": "BE", "en-40": "TR"}


def answer_of(message: Message, **changes: object) -> desk.Answer:
    """What a perfect triage says of a message."""
    said = {
        "language": message.language,
        "urgency": message.urgency,
        "categories": message.categories,
        "dangers": message.dangers,
        "facts": tuple(Found(f.kind, f.start, f.end) for f in message.facts if not f.optional),
    }
    return desk.Answer(message.message_id, **(said | changes))  # type: ignore[arg-type]


def test_there_are_enough_messages_of_each_language() -> None:
    counted = Counter(message.language for message in PLAIN)
    assert len(PLAIN) >= 320
    assert len(counted) == 20
    assert all(counted[name] >= 30 for name in desk.WELL_SERVED)
    assert min(counted.values()) >= 8
    assert len(marking.read_injections()) == 40
    assert len(marking.read_romanised()) == 24


def test_the_readme_says_how_many_there_are() -> None:
    readme = (marking.FOLDER / "README.md").read_text(encoding="utf-8")
    assert f"{len(EVERY)} short messages ({len(PLAIN)} plain in 20 languages" in readme
    share = sum(bool(m.dangers) for m in PLAIN) / len(PLAIN)
    assert f"({share:.0%} of the plain messages)".replace("%", " %") in readme


def test_ids_are_their_own_and_count_on_within_a_file() -> None:
    assert len({message.message_id for message in EVERY}) == len(EVERY)
    for path in marking.FOLDER.glob("*.txt"):
        numbers = [int(m.message_id.rpartition("-")[2]) for m in read_file(path)]
        assert numbers == list(range(1, len(numbers) + 1)), path.name


def test_each_half_has_every_language_and_danger() -> None:
    for half in Half:
        part = [message for message in PLAIN if message.half is half]
        assert {message.language for message in part} == set(marking.languages())
        assert {danger for m in part for danger in m.dangers} == set(marking.DANGERS)


@pytest.mark.parametrize("message", EVERY, ids=lambda message: message.message_id)
def test_a_marked_fact_is_what_the_text_says_at_its_offsets(message: Message) -> None:
    reached = 0
    for fact in message.facts:
        assert message.text[fact.start : fact.end] == fact.value
        assert reached <= fact.start < fact.end
        reached = fact.end
        if fact.core is not None:
            assert fact.start <= fact.core[0] < fact.core[1] <= fact.end
        if fact.kind == "phone":
            region = AT_HOME_ELSEWHERE.get(message.message_id, REGIONS.get(message.language))
            number = phonenumbers.parse(fact.value, region)
            assert phonenumbers.is_valid_number(number), fact.value


def test_a_danger_signal_is_urgent_and_its_category_is_given() -> None:
    for message in EVERY:
        categories = set(message.categories)
        if message.dangers:
            assert message.urgency >= 3, message.message_id
        for danger in message.dangers - {"pregnancy", "threat", "medical"}:
            assert danger in categories, (message.message_id, danger)
        if "threat" in message.dangers:
            assert categories & {"threat", "trafficking"}, message.message_id
        if "medical" in message.dangers:
            assert categories & {"medical", "rescue"}, message.message_id


def test_marks_give_code_points_whatever_the_script() -> None:
    text, facts = read_marks("ኣነ [[name:sender|ለተብርሃን]] 😀 [[age|{٧} سنوات]]")
    assert text == "ኣነ ለተብርሃን 😀 ٧ سنوات"
    assert [text[fact.start : fact.end] for fact in facts] == ["ለተብርሃን", "٧ سنوات"]
    assert facts[1].spans == ((12, 19), (12, 13))


@given(st.lists(st.tuples(st.text("ab دя{}:|\n", max_size=8), st.text("xмش", min_size=1))))
def test_taking_marks_out_leaves_the_text_as_it_was(parts: list[tuple[str, str]]) -> None:
    marked = "".join(f"{before}[[name|{name}]]" for before, name in parts)
    text, facts = read_marks(marked)
    assert text == "".join(before + name for before, name in parts)
    assert [text[fact.start : fact.end] for fact in facts] == [name for _, name in parts]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("en-01 3 sought\nmy [[brother|Ali]]\n", "en.txt line 1: no kind: brother"),
        ("\nen-01 3 sought\n[[name:friend|Ali]]\n", "en.txt line 2: no role: friend"),
        ("en-01 3 sought\nmy [[name Ali]]\n", "en.txt line 1: a mark that cannot be read"),
        ("en-01 3 sought\n[[age|{3}{4}]]\n", "en.txt line 1: braces that do not close once"),
        ("en-01 3 sought\n[[name|Ali ]]\n", "en.txt line 1: a mark starts or ends with a space"),
        ("en-01 9 sought\nhi\n", "en.txt line 1: a header reads"),
        ("en-01 3 lost\nhi\n", "en.txt line 1: no category: lost"),
        ("en-01 3 sought !danger\nhi\n", "en.txt line 1: no danger: danger"),
        ("en-01 3 sought lang=fr\nhi\n", "en.txt line 1: lang= belongs where"),
        ("en-01 3 sought\n", "en.txt line 1: no text"),
    ],
)
def test_a_mistake_in_a_file_is_one_line_with_its_place(
    tmp_path: Path, written: str, said: str
) -> None:
    path = tmp_path / "en.txt"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(ValueError, match=said) as failed:
        read_file(path)
    assert "\n" not in str(failed.value)


def test_a_perfect_triage_reaches_everything() -> None:
    pairs = [(message, answer_of(message)) for message in PLAIN]
    measured = desk.figures(pairs)
    bounded = {name: value for name, value in measured.items() if name != "called urgent, share"}
    assert set(bounded.values()) == {1.0}
    assert list(desk.errors(pairs)) == []


def test_a_triage_that_says_nothing_reaches_nothing() -> None:
    nothing = {"facts": (), "dangers": frozenset(), "categories": frozenset(), "urgency": 1}
    pairs = [(message, answer_of(message, language="und", **nothing)) for message in PLAIN]
    measured = desk.figures(pairs)
    assert measured["language right"] == measured["danger signals, recall"] == 0
    assert measured["facts F1, en"] == measured["F1 of names"] == 0
    assert measured["urgent found (urgency ≥ 4)"] == 0


def test_a_span_counts_from_half_of_the_longer_on() -> None:
    mark = Fact("name", None, "Amina Yusuf", 10, 21)
    assert match_facts([mark], [Found("name", 10, 16)]) == Counts(1, 1, 1, 0)
    assert match_facts([mark], [Found("name", 10, 15)]) == Counts(0, 1, 1, 0)
    assert match_facts([mark], [Found("name", 10, 32)]) == Counts(1, 1, 1, 0)
    assert match_facts([mark], [Found("name", 10, 33)]) == Counts(0, 1, 1, 0)
    assert match_facts([mark], [Found("place", 10, 21)]) == Counts(0, 1, 1, 0)


def test_the_number_of_an_age_is_enough_and_exact() -> None:
    _, (age,) = read_marks("[[age|{12} years old]]")
    assert match_facts([age], [Found("age", 0, 2)]) == Counts(1, 1, 1, 1)
    assert match_facts([age], [Found("age", 0, 12)]) == Counts(1, 1, 1, 1)
    assert match_facts([age], [Found("age", 3, 12)]) == Counts(1, 1, 1, 0)


def test_a_fact_is_counted_once_however_often_it_is_given() -> None:
    mark = Fact("name", None, "Ali", 0, 3)
    assert match_facts([mark], [Found("name", 0, 3), Found("name", 0, 4)]) == Counts(1, 2, 1, 1)


def test_an_optional_fact_is_neither_right_nor_wrong() -> None:
    text, facts = read_marks("[[?sex|girl]] [[name|Rima]]")
    assert text == "girl Rima"
    assert match_facts(facts, [Found("name", 5, 9)]) == Counts(1, 1, 1, 1)
    assert match_facts(facts, [Found("name", 5, 9), Found("sex", 0, 4)]) == Counts(1, 1, 1, 1)


def test_romanised_text_may_be_unknown_and_never_another_language() -> None:
    message = marking.read_romanised()[0]
    assert message.language == "ar"
    for language, right in {"ar": 1.0, "und": 1.0, "mt": 0.0}.items():
        said = [(message, answer_of(message, language=language))]
        assert desk.language_share(said, or_unknown=True) == right


def test_danger_signals_are_read_from_what_the_contract_says() -> None:
    row = {
        "message_id": "x",
        "language": "en",
        "urgency": 5,
        "categories": ["medical", "trafficking"],
        "reasons": [],
        "facts": [{"kind": "condition", "value": "pregnancy", "start": 0, "end": 8, "role": None}],
    }
    assert desk.read_answer(row).dangers == {"medical", "threat", "pregnancy"}
    calm = row | {"categories": ["other"], "facts": []}
    assert desk.read_answer(calm).dangers == frozenset()


def test_errors_name_what_was_missed_and_what_was_made_up() -> None:
    message = next(m for m in PLAIN if m.message_id == "en-02")
    found = (Found("name", 0, 5), Found("place", 44, 51))
    said = answer_of(message, dangers=frozenset({"medical"}), facts=found, urgency=2)
    lines = list(desk.errors([(message, said)]))
    assert "    name missed: Rima" in lines
    assert "    name false: there" in lines
    assert "    danger missed: child_alone" in lines
    assert "    danger false: medical" in lines
    assert "    urgency 2 for 5" in lines


def test_counts_add_up() -> None:
    assert added([Counts(1, 2, 3, 1), Counts(1, 1, 1, 0)]) == Counts(2, 3, 4, 1)
    assert Counts(2, 3, 4, 1).f1 == pytest.approx(4 / 7)
    assert Counts(2, 3, 4, 1).exact_f1 == pytest.approx(2 / 7)
    assert desk.facts_of([(m, answer_of(m)) for m in PLAIN], SCORED_KINDS).f1 == 1.0


@pytest.mark.parametrize("module", [marking, scoring])
def test_the_examples_in_the_docstrings_are_true(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0
