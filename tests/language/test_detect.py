"""Which language a message is in, or that somebody must be asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reknit.language import UNDETERMINED, detect

SHORT = {
    "ar": "أبحث عن أخي منذ سنة",
    "fa": "دنبال برادرم می‌گردم، خبری ندارم",
    "ps": "زما ورور ورک شوی دی، مرسته وکړئ",
    "ur": "میرا بھائی تین دن سے لاپتہ ہے",
    "uk": "Шукаю сестру, будь ласка допоможіть",
    "ru": "Ищу сестру, помогите пожалуйста",
    "en": "where is my brother",
    "fr": "je cherche ma mère",
    "es": "busco a mi hermano",
    "pt": "procuro o meu irmão, não sei onde está",
    "ht": "m ap chache frè m",
    "so": "waxaan raadinayaa walaalkay",
    "sw": "namtafuta kaka yangu, hatujui yuko wapi",
    "ti": "ሓወይ ጠፊኡ ኣሎ",
    "am": "ወንድሜን እየፈለግኩ ነው",
    "my": "အစ်ကို ပျောက်နေတယ်",
    "zh": "我在找我弟弟",
    "tr": "kardeşimi arıyorum, nerede bilmiyorum",
    "ku": "ez li birayê xwe digerim",
    "bn": "আমার ভাই হারিয়ে গেছে",
}
ROMANISED = {
    "wein akhi ahmad? ma3 3ndi khabar anno": "ar",
    "mera bhai do din se lapata hai koi madad kare": "ur",
    "pomogite pozhaluysta moy brat propal": "ru",
    "man donbale baradaram migardam": "fa",
    "shukayu mamu, dopomozhit bud laska": "uk",
    "amar bhai hariye gese doya kore sahajjo korun": "bn",
}


@pytest.mark.parametrize("language", SHORT)
def test_it_knows_the_language_of_a_short_message(language: str) -> None:
    assert detect(SHORT[language]).language == language


@pytest.mark.parametrize("text", ROMANISED)
def test_it_asks_about_romanised_text_and_never_names_another_language(text: str) -> None:
    found = detect(text)
    assert found.language in (UNDETERMINED, ROMANISED[text])
    assert found.guess in (None, ROMANISED[text])


def test_both_kinds_of_kurdish_and_dari_are_said_by_one_code() -> None:
    assert detect("براکەم لە هەولێر ون بووە").language == "ku"
    assert detect("", stated="prs").language == "fa"


def test_what_the_sender_stated_decides_only_where_the_text_does_not() -> None:
    assert detect("Idris?", stated="so").language == UNDETERMINED
    assert detect("wein akhi ahmad? ma3 3ndi khabar anno", stated="ar").language == "ar"
    assert detect("Шукаю маму, їй 67 років", stated="ar").language == "uk"


def test_a_name_in_latin_letters_does_not_hide_the_writing_around_it() -> None:
    assert detect("Idris Khalil أخي مفقود منذ سنة").language == "ar"


@pytest.mark.parametrize("text", ["", "   ", "12345", "😀😀", "?!", "\x00\x01", "\ud800"])
def test_nothing_to_read_is_undetermined(text: str) -> None:
    assert detect(text).language == UNDETERMINED


@given(st.text(max_size=60))
def test_it_never_fails_on_any_text(text: str) -> None:
    found = detect(text)
    assert 0.0 <= found.confidence <= 1.0
