"""An operator's own camps, shelters and hospitals are found like the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from reknit.places import Gazetteer, OperatorPlacesError, PlaceLevel, PlaceRowProblem

SHELTER = {
    "name": "Shelter Lindenhof",
    "alternate_names": "مأوى ليندنهوف\nПритулок Лінденгоф",
    "latitude": "52.51",
    "longitude": "13.39",
    "country": "DE",
}


@pytest.mark.parametrize(
    "text",
    [
        "Shelter Lindenhof",
        "مأوى ليندنهوف",
        "Притулок Лінденгоф",
        "shelter lindenhoff",
        "Šelter Lindenhof, Germany",
    ],
)
def test_it_finds_them_by_any_name_and_through_a_slip(gazetteer: Gazetteer, text: str) -> None:
    site = gazetteer.with_operator_places([SHELTER]).resolve(text)[0]
    assert (site.name, site.level, site.country) == ("Shelter Lindenhof", PlaceLevel.SITE, "DE")
    assert site.place_id < 0
    assert site.region == gazetteer.resolve("Berlin")[0].region


def test_ids_stay_when_rows_are_added_or_moved(gazetteer: Gazetteer) -> None:
    other = {**SHELTER, "name": "Klinik am Park", "alternate_names": ""}
    alone = gazetteer.with_operator_places([SHELTER]).resolve("Shelter Lindenhof")[0]
    together = gazetteer.with_operator_places([other, SHELTER])
    assert together.resolve("Shelter Lindenhof")[0] == alone
    assert together.get(alone.place_id) == alone
    later = gazetteer.with_operator_places([other]).with_operator_places([SHELTER])
    assert later.get(alone.place_id) == alone
    assert later.resolve("Klinik am Park")


def test_the_gazetteer_itself_does_not_change(gazetteer: Gazetteer) -> None:
    before = len(gazetteer)
    assert len(gazetteer.with_operator_places([SHELTER])) == before + 1
    assert len(gazetteer) == before
    assert gazetteer.resolve("Shelter Lindenhof") == ()


def test_bad_rows_are_reported_with_line_rule_and_next_step(
    gazetteer: Gazetteer, tmp_path: Path
) -> None:
    path = tmp_path / "sites.csv"
    path.write_text(
        "name,alternate_names,latitude,longitude,country,level\n"
        'Camp Nord,"مخيم الشمال\nCamp du Nord",36.5,37.1,SY,\n'
        ",,36.5,37.1,SY,\n"
        "Camp Süd,,36.5,37.1,Syria,\n"
        'Camp West,,"36,5",37.1,SY,\n'
        "Camp Ost,,36.5,370,sy,\n"
        "Camp Mitte,,36.5,37.1,SY,tent\n"
        "Camp Nord,,36.5,37.1,SY,\n",
        encoding="utf-8-sig",
    )
    known = gazetteer.with_operator_places(path)
    assert known.resolve("مخيم الشمال")[0].name == "Camp Nord"
    problems = known.operator_problems
    assert [p.line for p in problems] == [4, 5, 6, 7, 8, 9]
    assert all(p.rule and p.next_step for p in problems)
    assert problems[1] == PlaceRowProblem(
        5, "country 'SYRIA' is no ISO 3166-1 alpha-2 code.", "Write two letters, such as SY."
    )


def test_a_file_without_the_needed_columns_is_refused_whole(
    gazetteer: Gazetteer, tmp_path: Path
) -> None:
    path = tmp_path / "sites.csv"
    path.write_text("name,lat,lon\nCamp,1,2\n", encoding="utf-8")
    with pytest.raises(OperatorPlacesError, match="lacks the column latitude, longitude, country"):
        gazetteer.with_operator_places(path)
    with pytest.raises(OperatorPlacesError, match="cannot be read"):
        gazetteer.with_operator_places(tmp_path / "absent.csv")


def test_a_site_far_from_any_settlement_has_no_region(gazetteer: Gazetteer) -> None:
    at_sea = {"name": "Point Zulu", "latitude": "34.0", "longitude": "18.5", "country": "LY"}
    assert gazetteer.with_operator_places([at_sea]).resolve("Point Zulu")[0].region is None
