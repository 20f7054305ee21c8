"""Does once what every process would otherwise do at its first use: python tools/warm.py.

numba compiles the matching engine's inner loops and keeps them beside their sources; the table of
places is built into the user's cache. Several processes that start together (the demonstration's,
the tests') would each do all of it.
"""

from __future__ import annotations

from reknit.matching import PeopleIndex, compare_names, dedupe, match
from reknit.synth import synthesise

PEOPLE = 200


def main() -> None:
    """Use each part of the engine on a few invented people."""
    made = synthesise(people=PEOPLE)
    match(made.sought, made.found)
    dedupe(made.found)
    index = PeopleIndex.build(made.found)
    for row in made.sought.head(5).iter_rows(named=True):
        index.add(row)
        index.search(row)
    compare_names("Амаль Хаддад", "Amal Haddad")


if __name__ == "__main__":
    main()
