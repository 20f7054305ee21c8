"""Encodings of old spreadsheets, told by the names they would make."""

from __future__ import annotations

import pytest

from reknit.exchange.legacy import guess_encoding

NAMES = {
    "cp1256": ["محمد علي الحسن", "فاطمة أحمد", "خالد ابراهيم"],
    "cp1251": ["Иван Петров", "Оксана Шевченко", "Ирина Іваненко"],
    "cp1252": ["José García", "Zoë Müller", "François Lefèvre"],
    "cp1254": ["Ayşe Yıldız", "Çağla İnan"],
    "cp1253": ["Γιώργος Παπαδόπουλος", "Ελένη"],
    "cp1255": ["משה כהן", "שרה לוי"],
    "cp1250": ["Łukasz Wiśniewski", "Zoltán Győző", "Jiří Dvořák"],
    "koi8_r": ["Иван Петров", "Оксана Шевченко"],
    "koi8_u": ["Іван Петренко", "Юрій Ґалаґан"],
    "cp866": ["Иван Петров", "Оксана Шевченко"],
    "iso8859_6": ["محمد علي الحسن", "فاطمة أحمد"],
    "cp874": ["สมชาย ใจดี", "วันดี"],
    "gb18030": ["王小明", "张伟"],
    "big5": ["王小明", "李芳芳"],
    "euc_kr": ["김철수", "이영희"],
    "cp932": ["山田太郎", "サトウ", "すずき"],
}


@pytest.mark.parametrize(("codec", "name"), [(c, n) for c, names in NAMES.items() for n in names])
def test_it_tells_an_encoding_from_one_name(codec: str, name: str) -> None:
    assert guess_encoding(f"person_record_id,full_name\n1,{name}\n".encode(codec)) == codec


@pytest.mark.parametrize("codec", NAMES)
def test_it_tells_an_encoding_from_a_list(codec: str) -> None:
    rows = "".join(f"{n},{name}\n" for n, name in enumerate(NAMES[codec] * 20))
    assert guess_encoding(f"person_record_id,full_name\n{rows}".encode(codec)) == codec


def test_it_reads_the_last_line_without_a_line_end() -> None:
    """The sample once lost its last line, which may be the only one beyond ASCII."""
    assert guess_encoding("id,name\n1,Иван Петров".encode("cp1251")) == "cp1251"
