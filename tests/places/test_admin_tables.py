"""The tables of regions and districts are made of what two packages say of one settlement."""

from __future__ import annotations

from reknit.places.admin_tables import district_lines, region_lines
from reknit.places.sources import Row, read_districts, read_table
from reknit.vocabulary import PlaceLevel


def settlement(place_id: int, latitude: float, region: str) -> Row:
    return Row(place_id, "x", PlaceLevel.CITY, latitude, 37.2, "SY", region, None, 1, [])


def city(latitude: str, admin1: str, admin2: str) -> dict[str, str]:
    return {
        "country": "SY",
        "lat": latitude,
        "lng": "37.20000",
        "admin1": admin1,
        "admin2": admin2,
    }


def test_settlements_meet_their_district_by_country_and_coordinates() -> None:
    lines = district_lines(
        [{"code": "SY.09.1", "name": "Mount  Simeon "}],
        [city("36.10000", "09", "1"), city("36.20000", "09", "1"), city("36.3", "11", "7")],
        [
            settlement(40, 36.2, "SY.09"),
            settlement(7, 36.1, "SY.09"),
            settlement(8, 36.3, "SY.09"),
            settlement(9, 36.4, "SY.09"),
        ],
    )
    assert lines == ["SY.09.1\tMount Simeon\t7 33\n"]


def test_regions_come_in_the_order_of_their_codes() -> None:
    rows = [{"code": "SY.11", "name": "Homs"}, {"code": "SY.09", "name": "Aleppo"}]
    assert region_lines(rows) == ["SY.09\tAleppo\n", "SY.11\tHoms\n"]


def test_every_district_lies_in_a_region_of_its_country() -> None:
    regions = {code for code, _ in read_table("regions.tsv")}
    districts = list(read_districts())
    assert len(districts) > 30_000
    lost = [code for code, _, _ in districts if ".".join(code.split(".")[:2]) not in regions]
    assert len(lost) < 100
    assert all(place_id > 0 for _, _, ids in districts for place_id in ids)


def test_names_of_regions_belong_to_known_codes() -> None:
    regions = {code for code, _ in read_table("regions.tsv")}
    assert {code for code, _ in read_table("region_names.tsv")} <= regions
