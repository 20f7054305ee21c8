"""The standing cast: Amal seeks, Idris is found, Noor is the caseworker, Rafi is an outsider.

Every person here is invented. Tables are what `reknit.matching` takes: polars frames of text in the
contract's columns.

    from tests.cast import IDRIS_FOUND, IDRIS_SOUGHT, people_table
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

Row = Mapping[str, str]


def person(record_id: str, full_name: str, **cells: str) -> dict[str, str]:
    """One row of a people table."""
    return {"person_record_id": record_id, "full_name": full_name, **cells}


def people_table(rows: Iterable[Row]) -> pl.DataFrame:
    """Rows as a table; cells that a row lacks are empty. At least id and name are there."""
    rows = list(rows)
    columns = dict.fromkeys(["person_record_id", "full_name"])
    columns.update(dict.fromkeys(name for row in rows for name in row))
    return pl.DataFrame(
        {name: [row.get(name, "") for row in rows] for name in columns},
        schema=dict.fromkeys(columns, pl.String),
    )


def renamed(row: Row, record_id: str, **cells: str) -> dict[str, str]:
    """The same row under another id, some cells changed."""
    return {**row, "person_record_id": record_id, **cells}


AMAL = person(
    "amal", "أمل حداد الشامي", sex="female", date_of_birth="1979-11-30", home_city="حمص",
    home_country="SY", phones="+963 944 123 456",
)  # fmt: skip
"""Amal Haddad, who seeks her brother."""

IDRIS_SOUGHT = person(
    "idris-sought", "إدريس حداد الشامي", sex="male", date_of_birth="1987-04-02", home_city="حمص",
    home_country="SY", relatives="sister: أمل حداد\nfather: يوسف حداد",
)  # fmt: skip
"""Idris as Amal describes him."""

IDRIS_FOUND = person(
    "idris-found", "Idris Haddad Al-Shami", sex="male", date_of_birth="1987-04-02",
    home_city="Homs", home_country="Syria", relatives="father: Yusuf Haddad",
)  # fmt: skip
"""Idris as the desk that met him wrote him down."""

NOOR = person("noor", "Noor Bakker-de Wit", sex="female", date_of_birth="1990-06-17")
"""The caseworker: on no list of the missing or the found."""

RAFI = person(
    "rafi", "Rafi Mardirosian", sex="male", date_of_birth="1971-01-20", home_city="Zahlé",
    home_country="LB",
)  # fmt: skip
"""An outsider, who sees nothing and is sought by nobody."""

_FATHER, _MOTHER = "Hovhannes Qassabian", "Siranush Demirjian"
_HOUSEHOLD = {
    "home_city": "Qamishli",
    "home_country": "SY",
    "relatives": f"father: {_FATHER}\nmother: {_MOTHER}",
}
SIBLINGS_SOUGHT = [
    person("garen", "Garen Qassabian", date_of_birth="1991-03-14", sex="male",
           group_id="family-7", **_HOUSEHOLD),
    person("tigran", "Tigran Qassabian", date_of_birth="1994-08-25", sex="male",
           group_id="family-7", **_HOUSEHOLD),
]  # fmt: skip
"""Two brothers: one father, mother, family name, home and household; other names and years."""
SIBLINGS_FOUND = [
    renamed(row, f"{row['person_record_id']}-found", group_id="bus-3") for row in SIBLINGS_SOUGHT
]

_CROWD = """\
Олександр Коваленко|1984-02-11|Kharkiv|UA
Надія Шевчук|1962-07-30|Полтава|UA
Богдан Терещенко|2001-12-05|Kherson|UA
Людмила Гаврилюк|1955-03-18|Запоріжжя|UA
Сергей Воробьёв|1979-09-09|Ростов-на-Дону|RU
Татьяна Лебедева|1988-05-27|Тверь|RU
ትዕግስት ወርቁ|1993-06-21|Gondar|ET
ሰለሞን ገብረመድህን|1970-10-02|መቀሌ|ET
ብርሃኑ ተስፋዬ|1986-04-13|Jimma|ET
ሄለን ሃይለ|1999-08-16|አስመራ|ER
زهرا کریمی|1996-01-23|هرات|AF
گلناز صافی|1974-11-08|مزار شریف|AF
شیرین رستگار|1981-06-06|تبریز|IR
فريدة بوزيان|1967-12-19|وهران|DZ
ليلى قاسم التكريتي|1990-10-10|الموصل|IQ
جمال الزعبي|1959-04-24|درعا|SY
هديل شاهين|2003-02-28|غزة|PS
سهام القباني|1977-07-07|دمشق|SY
ဒေါ်ခင်မြင့်|1965-05-15|မန္တလေး|MM
မောင်သန်းထွန်း|1992-09-20|Sittwe|MM
陳美玲|1983-03-03|台北|TW
王建国|1969-08-08|西安|CN
欧阳志远|1995-11-11|Wuhan|CN
김서연|1998-04-17|부산|KR
박동욱|1976-02-02|대구|KR
山田花子|1980-12-24|仙台|JP
თამარ გელაშვილი|1985-06-30|ქუთაისი|GE
Հայկ Սարգսյան|1972-03-29|Գյումրի|AM
Ελένη Παπαδοπούλου|1961-10-28|Λάρισα|GR
שרה אברמוביץ|1958-01-14|חיפה|IL
সুমাইয়া খাতুন|1997-07-19|চট্টগ্রাম|BD
राजेश श्रेष्ठ|1987-12-01|पोखरा|NP
สมชาย ทองดี|1973-04-04|เชียงใหม่|TH
សុភាព ចាន់|1989-09-13|Battambang|KH
Cabdiraxmaan Faarax|1991-05-05|Kismaayo|SO
Xaawo Warsame|1982-08-22|Baydhabo|SO
Lê Thị Thu Hằng|1994-03-12|Huế|VN
Phạm Quốc Bảo|2000-10-30|Đà Nẵng|VN
Jean-Baptiste Dessalines Toussaint|1978-01-09|Jacmel|HT
Marie-Josette Cadet|1963-06-11|Les Cayes|HT
Guadalupe Ordóñez Ibarra|1986-11-26|Tegucigalpa|HN
Wilmer Chiquín Tzul|2002-05-31|Huehuetenango|GT
Yorleny Quesada Umaña|1971-02-15|Limón|CR
Tendai Chikwanha|1990-07-02|Mutare|ZW
Chukwuemeka Okonkwo|1968-09-27|Enugu|NG
Aïssatou Diallo-Sow|1999-12-12|Labé|GN
Habimana Nshimiyimana|1984-10-21|Butare|RW
Mehmet Yıldırım|1975-03-23|Hatay|TR
Sevgi Karabulut|1993-01-31|Gaziantep|TR
Ingrid Thorvaldsdóttir|1957-08-03|Akureyri|IS
"""


def crowd(prefix: str = "crowd") -> list[dict[str, str]]:
    """Fifty distinct people in many scripts: none of the cast, none twice."""
    return [
        person(f"{prefix}-{number}", name, date_of_birth=born, home_city=city, home_country=country)
        for number, line in enumerate(_CROWD.splitlines())
        for name, born, city, country in [line.split("|")]
    ]
