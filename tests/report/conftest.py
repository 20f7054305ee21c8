"""A report as a real run would make it; every person in it is invented."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from reknit.report import (
    ChosenPair,
    EvidenceBar,
    FileSummary,
    HistogramBin,
    ModelComparison,
    ModelInfo,
    ModelLevel,
    RecordField,
    ReliabilityBin,
    ReportData,
    RunSummary,
    ScriptCount,
    ScriptPairResult,
    TruthResults,
    Verdict,
)
from reknit.vocabulary import Script

MOMENT = dt.datetime(2026, 11, 23, 14, 5, tzinfo=dt.UTC)


@pytest.fixture
def sample() -> ReportData:
    """A run over two mixed lists, with truth."""
    return mixed_sample()


@pytest.fixture
def arabic_sample() -> ReportData:
    """A run whose lists are nearly all in Arabic script, without truth."""
    return mostly_arabic_sample()


def mixed_sample() -> ReportData:
    return ReportData(
        title="Sought by families, found at the river camps",
        created_at=MOMENT,
        summary=RunSummary(
            sought=FileSummary(
                "families-november.xlsx",
                rows=4_212,
                set_aside=17,
                findings=203,
                scripts=(
                    ScriptCount(Script.ARABIC, 2_204),
                    ScriptCount(Script.LATIN, 1_411),
                    ScriptCount(Script.CYRILLIC, 402),
                    ScriptCount(Script.ETHIOPIC, 178),
                ),
            ),
            found=FileSummary(
                "river-camps.csv",
                rows=38_907,
                set_aside=244,
                findings=1_968,
                scripts=(
                    ScriptCount(Script.LATIN, 33_119),
                    ScriptCount(Script.ARABIC, 5_544),
                ),
            ),
            pairs_compared=611_834,
            pairs_listed=40_377,
            matches=1_604,
            sought_matched=1_377,
            sought_without_candidate=96,
            model=ModelInfo(
                "names-and-families",
                "2026.11",
                "Estimated from these two files without labels, starting from the shipped model.",
            ),
            engine="local",
            reknit_version="0.1.0",
            seconds=74.3,
        ),
        best_probabilities=bins(
            (2011, 322, 141, 84, 61, 49, 40, 31, 35, 27, 24, 29, 33, 30, 41, 52, 66, 98, 173, 752),
            0.0,
            1.0,
        ),
        match_weights=bins(
            (210, 1890, 6120, 9804, 8411, 5980, 3202, 1704, 1099, 540, 361, 402, 377, 240, 37),
            -24,
            36,
        ),
        truth=TruthResults(
            true_pairs=1_702,
            precision=0.964,
            recall=0.908,
            f1=0.935,
            top_1=0.921,
            top_5=0.957,
            ece=0.0213,
            reliability=(
                ReliabilityBin(0.034, 0.021, 190),
                ReliabilityBin(0.121, 0.142, 190),
                ReliabilityBin(0.263, 0.238, 190),
                ReliabilityBin(0.417, 0.389, 190),
                ReliabilityBin(0.598, 0.631, 190),
                ReliabilityBin(0.774, 0.752, 190),
                ReliabilityBin(0.912, 0.934, 190),
                ReliabilityBin(0.978, 0.983, 712),
            ),
        ),
        by_script=(
            ScriptPairResult(Script.ARABIC, Script.LATIN, 1_980, 611, 0.18, 0.951, 0.884),
            ScriptPairResult(Script.ARABIC, Script.ARABIC, 204, 121, 0.81, 0.983, 0.957),
            ScriptPairResult(Script.LATIN, Script.LATIN, 1_352, 513, 0.29, 0.972, 0.941),
            ScriptPairResult(Script.CYRILLIC, Script.LATIN, 397, 101, 0.09, 0.958, 0.872),
            ScriptPairResult(Script.ETHIOPIC, Script.LATIN, 166, 31, 0.04, 0.912, 0.779),
        ),
        model=model(),
        pairs=(sure_pair(), doubtful_pair(), sibling_pair(), common_name_pair()),
    )


def mostly_arabic_sample() -> ReportData:
    return ReportData(
        title="قائمة المفقودين – مخيمات النهر",
        created_at=MOMENT,
        summary=RunSummary(
            sought=FileSummary("قائمة العائلات.csv", 318, 2, 9, (ScriptCount(Script.ARABIC, 316),)),
            found=FileSummary("سجل المخيم.csv", 1_204, 0, 31, (ScriptCount(Script.ARABIC, 1_204),)),
            pairs_compared=9_340,
            pairs_listed=2_871,
            matches=87,
            sought_matched=81,
            sought_without_candidate=12,
            model=ModelInfo("shipped", "1", "Shipped with Reknit; learnt from synthetic lists."),
            seconds=3.42,
        ),
        best_probabilities=bins((160, 30, 12, 8, 6, 5, 7, 9, 21, 48), 0.0, 1.0),
        match_weights=bins((40, 300, 900, 1100, 400, 80, 51), -20, 30),
        by_script=(ScriptPairResult(Script.ARABIC, Script.ARABIC, 306, 81, 0.22),),
        model=model(),
        pairs=(arabic_pair(), arabic_sibling_pair()),
    )


def bins(counts: tuple[int, ...], low: float, high: float) -> tuple[HistogramBin, ...]:
    width = (high - low) / len(counts)
    return tuple(
        HistogramBin(round(low + i * width, 6), round(low + (i + 1) * width, 6), count)
        for i, count in enumerate(counts)
    )


def level(label: str, m: float, u: float) -> ModelLevel:
    return ModelLevel(label, m, u, math.log2(m / u))


def model() -> tuple[ModelComparison, ...]:
    return (
        ModelComparison(
            "Name",
            (
                level("every part of the name agrees", 0.46, 0.00004),
                level("the same name in another script or spelling", 0.27, 0.00021),
                level("one part is missing or an initial", 0.15, 0.0013),
                level("given name agrees, family name does not", 0.05, 0.009),
                level("family name agrees, given name does not", 0.03, 0.012),
                level("nothing agrees", 0.04, 0.97745),
            ),
            "A common name weighs less than this, a rare one more.",
        ),
        ModelComparison(
            "Date of birth or age",
            (
                level("the same day", 0.38, 0.0002),
                level("day and month swapped, or one digit off", 0.12, 0.0019),
                level("the same year", 0.24, 0.021),
                level("within three years", 0.18, 0.11),
                level("further apart", 0.08, 0.8669),
            ),
        ),
        ModelComparison("Sex", (level("the same", 0.985, 0.5), level("not the same", 0.015, 0.5))),
        ModelComparison(
            "Home",
            (
                level("the same village or street", 0.44, 0.004),
                level("the same district", 0.27, 0.06),
                level("elsewhere", 0.29, 0.936),
            ),
        ),
        ModelComparison(
            "Relatives",
            (
                level("two or more are the same people", 0.31, 0.0001),
                level("one is the same", 0.42, 0.004),
                level("none is the same", 0.27, 0.9959),
            ),
        ),
    )


def fields(**values: str) -> tuple[RecordField, ...]:
    return tuple(
        RecordField(label.replace("_", " ").capitalize(), value) for label, value in values.items()
    )


def logistic(weight: float) -> float:
    return 1 / (1 + 2**-weight)


def sure_pair() -> ChosenPair:
    evidence = (
        EvidenceBar(
            "Name", 13.6, "“يونس الحمداوي” and “Younes Hamdaoui” are forms of one rare name."
        ),
        EvidenceBar("Date of birth", 10.1, "Both say 4 April 1987."),
        EvidenceBar("Sex", 1.0, "Both say male."),
        EvidenceBar("Home", 2.2, "دير النخيل and Deir Nakhil lie 3 km apart, in one district."),
        EvidenceBar("Phones", 0.0, "", is_known=False),
        EvidenceBar("Relatives", 6.7, "The father is named سليم here and Salim there."),
    )
    return ChosenPair(
        heading="A sure match across scripts",
        why="The highest probability among the pairs whose names are in two scripts.",
        sought_id="S-00412",
        found_id="RC-18823",
        sought=fields(
            name="يونس الحمداوي",
            sex="male",
            date_of_birth="1987-04-04",
            home="دير النخيل",
            phones="",
            relatives="father: سليم الحمداوي\nmother: نوال",
        ),
        found=fields(
            name="HAMDAOUI Younes",
            sex="male",
            date_of_birth="1987-04-04",
            home="Deir Nakhil",
            phones="+000 555 0142",
            relatives="father: Salim",
            last_known_location="Tent 14, lower camp",
        ),
        prior_weight=-23.0,
        evidence=evidence,
        probability=logistic(-23.0 + sum(bar.weight for bar in evidence)),
        verdict=Verdict.SURE,
        is_same_person=True,
    )


def doubtful_pair() -> ChosenPair:
    evidence = (
        EvidenceBar(
            "Name", 11.9, "“Оксана Лисовенко” and “Oksana Lysovenko” are forms of one name."
        ),
        EvidenceBar("Date of birth", 3.5, "Both say 1991; the days are 21 days apart."),
        EvidenceBar("Sex", 1.0, "Both say female."),
        EvidenceBar("Home", -1.7, "Верхня Гать and Novi Ozera lie 340 km apart."),
        EvidenceBar("Phones", 0.0, "", is_known=False),
        EvidenceBar("Relatives", 0.0, "", is_known=False),
    )
    return ChosenPair(
        heading="In doubt: the name agrees, the home does not",
        why="The pair nearest to one half. A look at it tells more than a look at any other.",
        sought_id="S-03981",
        found_id="RC-00417",
        sought=fields(
            name="Оксана Лисовенко", sex="female", date_of_birth="1991-03-02", home="Верхня Гать"
        ),
        found=fields(
            name="Oksana Lysovenko", sex="female", date_of_birth="1991-03-23", home="Novi Ozera"
        ),
        prior_weight=-15.2,
        evidence=evidence,
        probability=0.44,
        verdict=Verdict.DOUBTFUL,
    )


def sibling_pair() -> ChosenPair:
    evidence = (
        EvidenceBar("Name", -4.1, "The family name agrees; “Tirhas” and “Tesfay” are two names."),
        EvidenceBar("Date of birth", -3.4, "1999 and 2003: four years apart."),
        EvidenceBar("Sex", -5.1, "One says female, the other male."),
        EvidenceBar("Home", 6.8, "Both say Adi Kolqual."),
        EvidenceBar("Relatives", 11.6, "Father and mother are the same two people."),
    )
    return ChosenPair(
        heading="Refused: brother and sister",
        why="Much agrees, and they are still two people: the same parents, another given name.",
        sought_id="S-02250",
        found_id="RC-30071",
        sought=fields(
            name="ትርሓስ ገብረሃይወት",
            other_names="Tirhas Gebrehaywot",
            sex="female",
            date_of_birth="1999",
            home="Adi Kolqual",
            relatives="father: Gebrehaywot Abraha\nmother: Letebrhan",
        ),
        found=fields(
            name="Tesfay Gebrehaywot",
            sex="male",
            date_of_birth="2003",
            home="Adi Kolqual",
            relatives="father: Gebrehaywot Abraha\nmother: Letebrhan",
        ),
        prior_weight=-15.2,
        evidence=evidence,
        probability=logistic(-15.2 + sum(bar.weight for bar in evidence)),
        verdict=Verdict.REFUSED,
        is_same_person=False,
    )


def common_name_pair() -> ChosenPair:
    evidence = (
        EvidenceBar("Name", 5.2, "“Mohamed Ali” is the same, and 1 in 260 people here bear it."),
        EvidenceBar("Age", -1.1, "34 and 41 as of the same month."),
        EvidenceBar("Sex", 1.0, "Both say male."),
        EvidenceBar("Home", 0.0, "", is_known=False),
        EvidenceBar("Relatives", 0.0, "", is_known=False),
    )
    return ChosenPair(
        heading="Refused: a common name and little else",
        why="The names are equal to the letter, and that is not enough.",
        sought_id="S-00007",
        found_id="RC-11290",
        sought=fields(name="Mohamed Ali", sex="male", age="34 (November 2026)", home=""),
        found=fields(name="Mohamed Ali", sex="male", age="41 (November 2026)", home="Lower Town"),
        prior_weight=-15.2,
        evidence=evidence,
        probability=logistic(-15.2 + sum(bar.weight for bar in evidence)),
        verdict=Verdict.REFUSED,
    )


def arabic_pair() -> ChosenPair:
    evidence = (
        EvidenceBar(
            "Name", 12.4, "“فاطمة الزهراء بنت إدريس الكتبي” and “فاطمه الزهرا الكتبي” agree."
        ),
        EvidenceBar("Date of birth", 4.0, "1402 (hijri) is 1981 or 1982; the other says 1982."),
        EvidenceBar("Home", 5.5, "Both say حي الزيتون."),
        EvidenceBar("Relatives", 6.7, "The brother is named طارق here and there."),
    )
    return ChosenPair(
        heading="A likely match, written two ways",
        why="The spellings differ in four letters and one word: “فاطمة” and “فاطمه” are one name.",
        sought_id="م-١٤",
        found_id="ن-٢٠٨",
        sought=fields(
            name="فاطمة الزهراء بنت إدريس الكتبي",
            date_of_birth="1402",
            home="حي الزيتون، الحارة الشرقية",
            relatives="brother: طارق الكتبي",
        ),
        found=fields(
            name="فاطمه الزهرا الكتبي",
            date_of_birth="1982",
            home="حي الزيتون",
            relatives="brother: طارق",
            description="وصلت مع طفلين، تبحث عن أخيها",
        ),
        prior_weight=-25.9,
        evidence=evidence,
        probability=logistic(-25.9 + sum(bar.weight for bar in evidence)),
        verdict=Verdict.LIKELY,
    )


def arabic_sibling_pair() -> ChosenPair:
    evidence = (
        EvidenceBar("Name", -5.0, "“زينب” and “رقية” are two names; the rest agrees."),
        EvidenceBar("Home", 5.5, "Both say حي الزيتون."),
        EvidenceBar("Relatives", 9.9, "Father and mother are the same two people."),
    )
    return ChosenPair(
        heading="Refused: two sisters",
        why="The parents agree, the given names do not.",
        sought_id="م-٩٠",
        found_id="ن-٧١١",
        sought=fields(name="زينب سالم", home="حي الزيتون", relatives="father: سالم\nmother: هاجر"),
        found=fields(name="رقية سالم", home="حي الزيتون", relatives="father: سالم\nmother: هاجر"),
        prior_weight=-19.0,
        evidence=evidence,
        probability=logistic(-19.0 + 10.4),
        verdict=Verdict.REFUSED,
    )
