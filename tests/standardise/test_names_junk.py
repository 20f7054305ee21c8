"""Texts in a name's place that are no name."""

from __future__ import annotations

import pytest

from reknit.standardise.junk import junk_reason


@pytest.mark.parametrize(
    "text",
    [
        "Unknown Unknown",
        "N/A",
        "test",
        "baby of Fatima",
        "unidentified male",
        "no name",
        "FNU LNU",
        "غير معروف",
        "مجهول",
        "مجهول الهوية",
        "неизвестно",
        "невідомо",
        "desconocido",
        "inconnu",
        "NN",
        "XXX",
        "123",
        "---",
        "",
        "Unknown female 3",
        "ስም የለም",
        "不明",
        "미상",
        "Vô danh",
        "นิรนาม",
        "अज्ञात",
        "অজ্ঞাত",
        "άγνωστος",
        "უცნობი",
        "անհայտ",
        "לא ידוע",
        "lama yaqaan",
        "san non",
        "bilinmiyor",
        "نامعلوم",
        "ناشناس",
        "nieznany",
    ],
)
def test_it_knows_what_is_no_name(text: str) -> None:
    assert junk_reason(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Amal",
        "Noman Khan",
        "Minh Vo",
        "Danh Vo",
        "An Na",
        "Son",
        "No",
        "Ti",
        "Sin",
        "Kind",
        "معروف",
        "Ali Test",
        "Unknown Hassan",
        "May",
        "Ng",
        "X",
        "김",
        "王",
        "Man Ho",
        "Haifa",
    ],
)
def test_it_takes_a_name_for_a_name(text: str) -> None:
    """ "No", "Son" and معروف are words of such texts, and names."""
    assert junk_reason(text) is None
