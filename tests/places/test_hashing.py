"""Neighbours' numbers follow by arithmetic: they equal the numbers of the neighbours spelt out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reknit.places.hashing import hash_text, hash_texts, shortened, shortened_texts, slipped
from reknit.places.slips import is_one_slip

LETTERS = "abcحلب"
TEXTS = st.text(LETTERS + "ኦሮሚያ가 ", max_size=9)


def spelt_out(text: str) -> set[str]:
    places = range(len(text))
    near = {text[:i] + text[i + 1 :] for i in places}
    near |= {text[:i] + text[i + 1] + text[i] + text[i + 2 :] for i in places[:-1]}
    near |= {text[:i] + c + text[i + 1 :] for i in places for c in LETTERS}
    near |= {text[:i] + c + text[i:] for i in range(len(text) + 1) for c in LETTERS}
    return near - {text}


@given(TEXTS)
def test_it_numbers_every_text_one_slip_away(text: str) -> None:
    near = spelt_out(text)
    assert set(slipped(text, LETTERS).tolist()) == set(hash_texts(sorted(near)).tolist())
    assert all(is_one_slip(text, other) for other in near)


@given(st.lists(TEXTS, min_size=1, max_size=6))
def test_numbering_many_equals_numbering_each(texts: list[str]) -> None:
    assert hash_texts(texts).tolist() == [hash_text(text) for text in texts]
    numbers, owner = shortened_texts(texts)
    assert numbers.tolist() == [n for text in texts for n in shortened(text)]
    assert owner.tolist() == [i for i, text in enumerate(texts) for _ in text]
