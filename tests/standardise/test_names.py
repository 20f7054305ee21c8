"""Names: text in, PersonName out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reknit.standardise import analyse_word, is_plain_word, standardise_name, standardise_names
from reknit.standardise.names import plain_words
from reknit.vocabulary.names import Script, TokenRole


def texts(name: str) -> list[str]:
    return [token.text for token in standardise_name(name).tokens]


def share_a_reading(left: str, right: str) -> bool:
    """Some form or symbol in common for each word, in order."""
    a, b = standardise_name(left).tokens, standardise_name(right).tokens
    return len(a) == len(b) and all(
        set(x.forms) & set(y.forms) or x.symbols & y.symbols for x, y in zip(a, b, strict=True)
    )


def test_it_keeps_the_original_to_the_letter() -> None:
    written = "\u202bمُحمَّد  ‍علي\u202c"
    assert standardise_name(written).original == written


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Dr. Amal HADDAD", ["amal", "haddad"]),
        ("Haji Sayed Karim Shah", ["karim", "shah"]),
        ("U Thant", ["thant"]),
        ("Daw Aung San Suu Kyi", ["aung", "san", "suu", "kyi"]),
        ("Osama bin Ladin", ["osama", "ladin"]),
        ("Ludwig van Beethoven", ["ludwig", "beethoven"]),
        ("María de la Cruz y Gómez", ["maria", "cruz", "gomez"]),
        ("Abd al-Rahman al-Masri", ["abdalrahman", "masri"]),
        ("Abu Bakr", ["abubakr"]),
        ("Saif al-Din", ["saifaldin"]),
        ("Gebre Mariam Tesfaye", ["gebremariam", "tesfaye"]),
        ("G/Mariam Tesfaye", ["gebremariam", "tesfaye"]),
        ("ወ/ሮ አልማዝ", ["አልማዝ"]),
        ("St. Louis", ["saintlouis"]),
        ("KIM Su-gil", ["kim", "sugil"]),
        ("Jean-Baptiste Noël", ["jean", "baptiste", "noel"]),
        ("Md Karim Uddin", ["mohammed", "karimuddin"]),
        ("محمد بن عبد الله الزهراني", ["محمد", "عبدالله", "زهراني"]),
        ("毛泽东", ["毛", "泽东"]),
        ("欧阳修", ["欧阳", "修"]),
        ("김정은", ["김", "정은"]),
        ("艾薩克·牛頓", ["艾萨克", "牛顿"]),
        ("အောင်ဆန်းစုကြည်", ["အောင်", "ဆန်း", "စု", "ကြည်"]),
        ("Boris I", ["boris", "i"]),
        ("보리스 1세", ["보리스", "세"]),
        ("Al", ["al"]),
        ("JC Juncker", ["j", "c", "juncker"]),
        ("Rahman, Abdul", ["abdulrahman"]),
        ("Zhang Bin", ["zhang", "bin"]),
    ],
)
def test_it_finds_the_words_that_name_someone(written: str, words: list[str]) -> None:
    assert texts(written) == words


@pytest.mark.parametrize(
    ("written", "roles"),
    [
        ("Andrei KLYCHKOV", [TokenRole.GIVEN, TokenRole.FAMILY]),
        ("KLYCHKOV, Andrei", [TokenRole.FAMILY, TokenRole.GIVEN]),
        ("毛泽东", [TokenRole.FAMILY, TokenRole.GIVEN]),
        ("김정은", [TokenRole.FAMILY, TokenRole.GIVEN]),
        ("Ivan Petrovich", [TokenRole.UNKNOWN, TokenRole.PATRONYMIC]),
        ("Олена Іванівна", [TokenRole.UNKNOWN, TokenRole.PATRONYMIC]),
        ("Idris bin Omar", [TokenRole.UNKNOWN, TokenRole.PATRONYMIC]),
        ("J. Smith", [TokenRole.INITIAL, TokenRole.UNKNOWN]),
        ("IDRIS OMAR", [TokenRole.UNKNOWN, TokenRole.UNKNOWN]),
    ],
)
def test_it_tells_roles_where_the_writing_does(written: str, roles: list[TokenRole]) -> None:
    assert [token.role for token in standardise_name(written).tokens] == roles


def test_it_takes_roles_from_the_columns() -> None:
    name = standardise_name("", given="Amal", family="Haddad")
    assert name.original == "Amal Haddad"
    assert [token.role for token in name.tokens] == [TokenRole.GIVEN, TokenRole.FAMILY]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Cabdi Xasan", "Abdi Hassan"),
        ("Maxamed Cali", "محمد علي"),
        ("Саша", "Oleksandr"),
        ("Сашко", "Alexander"),
        ("Pepe", "José"),
        ("Bill", "William"),
        ("ተስፋዬ", "Tesfaye"),
        ("ገብረ ማርያም", "Gebre Maryam"),
        ("Abdurrahman", "Abdul Rahman"),
        ("Abou el-Hassan", "Abu Hassan"),
        ("Nasr Ullah", "Nasrallah"),
        ("Seifeddine", "Saif ud-Din"),
        ("İbrahim", "Ibrahim"),
        ("Nguyễn", "Nguyen"),
        ("陳", "Chan"),
        ("김", "Kim"),
        ("Md Ali", "Mohammed Ali"),
        ("Mao Tse-tung", "毛泽东"),
        ("နေဝင်း", "Nay Win"),
        ("Siarhei", "Sergey"),
        ("Uladzimir Ivanou", "Vladimir Ivanov"),
        ("Mo7amed 3ali", "Mohamed Ali"),
        ("M0HAMED", "Mohamed"),
        ("ﻣﺤﻤﺪ", "محمد"),
        ("علی", "علي"),
        ("Пеtро", "Петро"),
        ("Ousmane Diallo", "Usman Jallow"),
        ("Zhang", "Cheung"),
        ("RI Yong-gil", "Lee Yong-gil"),
        ("Jozèf Lwi", "Joseph Louis"),
        ("Chowdhury", "چودهری"),
    ],
)
def test_it_gives_forms_of_one_name_something_in_common(left: str, right: str) -> None:
    assert share_a_reading(left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [("Mohammed", "Ahmad"), ("Hassan", "Hussein"), ("Maria", "Mario"), ("Kim", "Lee")],
)
def test_it_keeps_different_names_apart(left: str, right: str) -> None:
    """Symbols once pulled Mohammed to Ahmad, and Korean Jin to Chen, through one character."""
    assert not analyse_word(left.lower()).symbols & analyse_word(right.lower()).symbols


def test_it_says_why_a_text_is_no_name() -> None:
    name = standardise_name("Unknown Unknown")
    assert name.is_empty
    assert name.junk == "placeholder"
    assert name.tokens == ()


def test_it_drops_the_unknown_part_of_a_name() -> None:
    assert texts("Fatima LNU") == ["fatima"]


def test_it_reads_every_form_in_a_cell_once() -> None:
    names = standardise_names("Amal Haddad\nأمل حداد\nAMAL HADDAD", "", "", "Amoula")
    assert [name.original for name in names] == ["Amal Haddad", "أمل حداد", "Amoula"]


def test_it_reads_brackets_and_aliases_as_other_forms() -> None:
    names = standardise_names("Ivan (Vanya) Petrov\nOmar Ali a.k.a. Abu Karim", "", "", "")
    assert [name.original for name in names] == [
        "Ivan Petrov",
        "Vanya",
        "Omar Ali",
        "Abu Karim",
    ]


def test_it_joins_the_columns_when_the_full_name_is_empty() -> None:
    names = standardise_names("", "Idris", "Omar", "")
    assert [name.original for name in names] == ["Idris Omar"]


def test_it_takes_columns_in_another_script_as_another_form() -> None:
    names = standardise_names("أمل حداد", "Amal", "Haddad", "")
    assert [name.original for name in names] == ["أمل حداد", "Amal Haddad"]
    assert len(standardise_names("HADDAD Amal", "Amal", "Haddad", "")) == 1


def test_it_does_not_divide_a_given_name_in_its_column() -> None:
    """文 is a surname too, but 文博 in the given column is one name."""
    name = standardise_name("", given="文博", family="王")
    assert [(t.text, t.role) for t in name.tokens] == [
        ("文博", TokenRole.GIVEN),
        ("王", TokenRole.FAMILY),
    ]


def test_it_leaves_out_junk_beside_a_real_form() -> None:
    assert [n.original for n in standardise_names("unknown\nIdris", "", "", "")] == ["Idris"]


words = st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=12).filter(is_plain_word)


@given(st.lists(words, min_size=1, max_size=5))
@settings(max_examples=200, deadline=None)
def test_a_plain_text_is_the_tokens_of_its_words(found: list[str]) -> None:
    text = " ".join(found)
    if plain_words(text) is None:
        return
    assert standardise_name(text).tokens == tuple(analyse_word(word) for word in found)
    assert standardise_name(text.upper()).tokens == standardise_name(text).tokens
    assert standardise_name(text.title()).tokens == standardise_name(text).tokens


@given(st.text(max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_without_error(text: str) -> None:
    name = standardise_name(text)
    assert name.original == text
    for token in name.tokens:
        assert token.forms
        assert len(token.forms) <= 4
        assert all(form.isascii() and form.isalpha() and form.islower() for form in token.forms)


_alphabets = st.sampled_from(
    [
        "אבגדהוזחטיכלמנסעפצקרשת",
        "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
        "абвгдежзиклмнопрстуфхцчшщыьэюя",
        "ሀለመረሰበተነአከወዘየደገጠፈ",
        "ကခဂငစဆဇညတထဒနပဖဗမယရလဝသဟအ",
        "가나다라마바사아자차카타파하김이박정은",
    ]
)


@given(_alphabets.flatmap(lambda letters: st.text(letters, min_size=2, max_size=8)))
@settings(max_examples=200, deadline=None)
def test_every_script_is_read_in_a_to_z(text: str) -> None:
    name = standardise_name(text)
    assert name.script is not Script.LATIN
    assert name.is_empty or all(token.forms for token in name.tokens)
