"""Words one slip of the keyboard apart share a key, in any script."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from reknit.matching.letters import MOST_LETTER_KEYS, all_letter_keys, letter_keys, spell

WORDS = st.text("abcdefgдежзиאבגمحدወርቁ", min_size=3, max_size=14)


def keys_of(word: str) -> set[int]:
    letters, start = spell([word])
    return set(letter_keys(letters, start[0], start[1]).tolist())


@given(
    word=WORDS,
    at=st.integers(0, 13),
    kind=st.sampled_from(["lost", "added", "changed", "swapped"]),
    letter=st.sampled_from("abдвמم"),
)
@example(word="richard", at=3, kind="swapped", letter="a")
def test_a_word_and_its_slip_share_a_key(word: str, at: int, kind: str, letter: str) -> None:
    at %= len(word)
    slip = {
        "lost": word[:at] + word[at + 1 :],
        "added": word[:at] + letter + word[at:],
        "changed": word[:at] + letter + word[at + 1 :],
        "swapped": word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
    }[kind]
    assert keys_of(word) & keys_of(slip)


@given(words=st.lists(st.text(max_size=30), max_size=8))
def test_the_keys_of_many_words_are_those_of_each(words: list[str]) -> None:
    words = [word.encode("utf-8", "ignore").decode() for word in words]
    letters, start = spell(words)
    key_start, keys = all_letter_keys(letters, start)
    for number, word in enumerate(words):
        mine = keys[key_start[number] : key_start[number + 1]].tolist()
        assert set(mine) == keys_of(word)
        assert len(mine) == len(set(mine)) <= MOST_LETTER_KEYS


def test_very_short_words_meet_only_themselves() -> None:
    assert len(keys_of("li")) == len(keys_of("")) == 1
    assert not keys_of("li") & keys_of("le")
    assert keys_of("lee") & keys_of("le")
