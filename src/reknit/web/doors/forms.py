"""What the doors ask: few fields, the rest only if somebody knows it.

Rules: each form names the fields that it asks (`ASKED`), at most twelve at a door in all
(tests/web/test_doors.py counts them); every other field may stay empty and is folded away; each
text has a longest length.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reknit.vocabulary import Relation, Scope
from reknit.web import words
from reknit.web.doors import dates

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

SEXES = [("", gettext_lazy("unknown")), ("female", gettext_lazy("Female")),
         ("male", gettext_lazy("Male")), ("other", gettext_lazy("Other"))]  # fmt: skip
FAMILY_ROWS, SHOWN_ROWS = 6, 2
MAY_KNOW = (
    (Scope.ALIVE.value, gettext_lazy("That I am alive")),
    (Scope.MESSAGE.value, gettext_lazy("A message from me, written below")),
    (Scope.WHEREABOUTS.value, gettext_lazy("Where I am")),
    (Scope.CONTACT.value, gettext_lazy("How to reach me")),
)
"""What family may know, each by itself."""
NOT_FOR: dict[str, _StrPromise] = {
    "claim": gettext_lazy(
        "This service does not look for people because of an inheritance, a debt or maintenance. "
        "A lawyer or a court can help with that."
    ),
    "authority": gettext_lazy(
        "This service does not look for people for police, an authority, an employer or a "
        "creditor, whatever they are needed for."
    ),
    "history": gettext_lazy(
        "This service does not research family history. An archive or a genealogical society can."
    ),
}
"""Reasons for which nobody is looked for, and what is said."""


def _text(label: _StrPromise, most: int, help_text: _StrPromise | str = "", rows: int = 0) -> Any:
    """A field of people's own words, in their own direction; optional unless the form says."""
    attributes: dict[str, Any] = {"dir": "auto", "autocomplete": "off"}
    widget = (
        forms.Textarea(attrs={**attributes, "rows": rows})
        if rows
        else forms.TextInput(attrs=attributes)
    )
    return forms.CharField(
        label=label, max_length=most, help_text=help_text, required=False, widget=widget
    )


def _row(number: int) -> str:
    return f"name_{number} relation_{number} born_{number}"


class DoorForm(forms.Form):
    """A step's form. ASKED: what it asks; NEEDED: those that may not stay empty."""

    ASKED: ClassVar[tuple[str, ...]] = ()
    NEEDED: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.NEEDED:
            self.fields[name].required = True

    @property
    def asked(self) -> str:
        """The names of the fields that are asked, for the template."""
        return " ".join(self.ASKED)

    @property
    def more(self) -> str:
        """The names of the others."""
        return " ".join(name for name in self.fields if name not in self.ASKED)

    @property
    def fault_in_more(self) -> bool:
        """Whether one of the others could not be read: they are unfolded then, and not else."""
        return any(name in self.errors for name in self.more.split())


class WhyForm(DoorForm):
    """Who looks, and why: whether this service may."""

    ASKED = NEEDED = ("relationship", "reason")
    relationship = forms.ChoiceField(
        label=gettext_lazy("The person I look for is my…"), choices=words.choices(Relation)
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Why do you look for them?"), widget=forms.RadioSelect,
        choices=[
            ("lost", gettext_lazy("We lost contact: war, disaster, flight, migration, detention")),
            ("claim", gettext_lazy("An inheritance, a debt, maintenance")),
            ("authority", gettext_lazy("Police, an authority or an employer needs them")),
            ("history", gettext_lazy("I research our family’s history")),
        ],
    )  # fmt: skip
    relationship_words = _text(
        gettext_lazy("In your own words: who are they to you?"), 300,
        gettext_lazy("Where no word above fits: a foster child, a neighbour who raised you."),
    )  # fmt: skip

    def clean_reason(self) -> str:
        """Only family that lost contact is looked for."""
        reason = str(self.cleaned_data["reason"])
        if reason in NOT_FOR:
            raise forms.ValidationError(NOT_FOR[reason])
        return reason

    def clean(self) -> dict[str, Any]:
        """A relation that has no word needs some."""
        said = super().clean() or {}
        if said.get("relationship") == Relation.OTHER and not said.get("relationship_words"):
            self.add_error("relationship_words", _("Say who they are to you."))
        return said


class PersonForm(DoorForm):
    """Who somebody is. The date of birth is read in the calendar that they choose."""

    full_name = _text(gettext_lazy("Full name"), 300, gettext_lazy("In your own script."))
    sex = forms.ChoiceField(label=gettext_lazy("Sex"), required=False, choices=SEXES)
    calendar = forms.ChoiceField(
        label=gettext_lazy("In which calendar do you write dates?"), choices=dates.CALENDARS,
        required=False,
    )  # fmt: skip
    date_of_birth = _text(
        gettext_lazy("Date of birth"), 40,
        gettext_lazy("Day, month and year, or the year alone. 1987 or 2/4/1987."),
    )  # fmt: skip
    home_city = _text(gettext_lazy("Home town or village"), 120)
    alternate_names = _text(
        gettext_lazy("Other names"), 300, gettext_lazy("Nicknames, other spellings; one a line."),
        rows=2,
    )  # fmt: skip
    home_country = _text(gettext_lazy("Home country"), 60)
    relatives = _text(
        gettext_lazy("Names of father, mother and others"), 600,
        gettext_lazy("One a line, as “father: Yusuf Haddad”."), rows=3,
    )  # fmt: skip
    identifiers = _text(
        gettext_lazy("Numbers of cards or papers"), 300,
        gettext_lazy("One a line, as “passport: N0123456”."), rows=2,
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Say at the field what could not be read."""
        said = super().clean() or {}
        written = said.get("date_of_birth")
        today = timezone.now().date()
        if written and dates.read(written, said.get("calendar") or "gregorian", today) is None:
            self.add_error(
                "date_of_birth",
                _("This could not be read as a date. Write the year alone, or leave it empty."),
            )
        return said


class WhoForm(PersonForm):
    """The person who is sought."""

    ASKED = ("full_name", "sex", "calendar", "date_of_birth", "home_city")
    NEEDED = ("full_name",)
    age = forms.IntegerField(
        label=gettext_lazy("Age in years, if you do not know the date"), required=False,
        min_value=0, max_value=120,
    )  # fmt: skip


class LastForm(DoorForm):
    """What was heard of them last."""

    ASKED = ("description",)
    description = _text(
        gettext_lazy("When, where and how did you hear of them last?"), 2000, rows=4
    )
    marks = _text(
        gettext_lazy("How would somebody recognise them?"), 1000,
        gettext_lazy("Marks, clothes, an illness, whom they were with."), rows=3,
    )  # fmt: skip


class SeekerForm(DoorForm):
    """Who looks, how they are reached, and whether looking could do harm."""

    ASKED = ("seeker_name", "phones", "danger")
    NEEDED = ("seeker_name",)
    seeker_name = _text(gettext_lazy("Your own full name"), 300)
    phones = _text(
        gettext_lazy("How may we reach you?"), 300,
        gettext_lazy(
            "A telephone number, if you wish. You can also come back with a code and need none."
        ),
    )  # fmt: skip
    danger = forms.ChoiceField(
        label=gettext_lazy("Could it put somebody in danger that you look for them?"),
        required=False, widget=forms.RadioSelect,
        choices=[("", gettext_lazy("I do not know")), ("no", gettext_lazy("No")),
                 ("yes", gettext_lazy("Yes"))],
    )  # fmt: skip
    danger_words = _text(
        gettext_lazy("What should we be careful about?"), 1000,
        gettext_lazy("Only your caseworker reads this."), rows=3,
    )  # fmt: skip
    how_to_reach = _text(
        gettext_lazy("Another way to reach you safely"), 300,
        gettext_lazy("A friend, a time of day, an address."),
    )  # fmt: skip


class AgreedForm(DoorForm):
    """The last step."""

    ASKED = NEEDED = ("agreed",)
    agreed = forms.BooleanField(
        label=gettext_lazy("I have read what happens with what I write, and I agree to it."),
        error_messages={"required": gettext_lazy("Tick this to go on; else nothing is kept.")},
    )  # fmt: skip


class YouForm(PersonForm):
    """Who registers, and in whose name."""

    ASKED = ("speaks", "full_name", "sex", "calendar", "date_of_birth", "home_city")
    NEEDED = ("speaks", "full_name")
    speaks = forms.ChoiceField(
        label=gettext_lazy("For whom do you write?"), widget=forms.RadioSelect,
        choices=[("self", gettext_lazy("For myself, with or without my family")),
                 ("representative",
                  gettext_lazy("For a child or somebody else whom I represent by law"))],
    )  # fmt: skip
    representative = _text(
        gettext_lazy("If you represent somebody: your name, and who you are to them"), 300
    )
    child_view = _text(
        gettext_lazy("If it is a child: what does the child say about being found?"), 1000, rows=2
    )
    field_order = ("speaks",)

    def clean(self) -> dict[str, Any]:
        """Who represents somebody says who they are."""
        said = super().clean() or {}
        if said.get("speaks") == "representative" and not said.get("representative"):
            self.add_error("representative", _("Write your name, and who you are to them."))
        return said


class FamilyForm(DoorForm):
    """Whom somebody registers with them: name, relation, year of birth."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, FAMILY_ROWS + 1):
            self.fields[f"name_{number}"] = _text(gettext_lazy("Name"), 300)
            self.fields[f"relation_{number}"] = forms.ChoiceField(
                label=gettext_lazy("They are my…"), required=False,
                choices=words.choices(Relation, blank="–"),
            )  # fmt: skip
            self.fields[f"born_{number}"] = _text(gettext_lazy("Year of birth"), 40)

    def rows(self) -> list[str]:
        """The names of the fields of the people that are asked for first, for the template."""
        return [_row(n) for n in range(1, SHOWN_ROWS + 1)]

    def more_rows(self) -> list[str]:
        """Those of the others."""
        return [_row(n) for n in range(SHOWN_ROWS + 1, FAMILY_ROWS + 1)]


class WhereForm(DoorForm):
    """Where they are and how they are reached; kept apart from everything else."""

    ASKED = ("last_known_location",)
    last_known_location = _text(
        gettext_lazy("Where are you now?"), 300,
        gettext_lazy("As much as you want to say: a town is enough. You decide below who knows."),
    )  # fmt: skip
    phones = _text(
        gettext_lazy("Telephone"), 300,
        gettext_lazy("A member of staff calls it to make sure that it is you."),
    )  # fmt: skip
    how_to_reach = _text(gettext_lazy("Another way to reach you safely"), 300)


class MayForm(DoorForm):
    """What family may know, and who may know nothing."""

    ASKED = ("scopes", "message", "block_names")
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What may your family know, if staff are sure that they are family?"),
        required=False, choices=MAY_KNOW, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Nothing is ticked: then nobody is told anything, and you are asked each time."
        ),
    )  # fmt: skip
    message = _text(gettext_lazy("The message"), 2000, rows=3)
    until = forms.DateField(
        label=gettext_lazy("Until which day?"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )  # fmt: skip
    block_names = _text(
        gettext_lazy("Who must never learn anything about you?"), 600,
        gettext_lazy(
            "One name a line. To them you look as if nobody had found you, and it holds at once."
        ),
        rows=3,
    )  # fmt: skip
    block_phones = _text(
        gettext_lazy("Their telephone numbers"), 300, gettext_lazy("One a line."), rows=2
    )

    def clean(self) -> dict[str, Any]:
        """A message goes with its tick; an end is to come."""
        said = super().clean() or {}
        if Scope.MESSAGE.value in (said.get("scopes") or []) and not said.get("message"):
            self.add_error("message", _("Write the message, or take the tick away."))
        if said.get("until") and said["until"] <= timezone.now().date():
            self.add_error("until", _("Choose a day that is still to come."))
        return said


class CodeForm(DoorForm):
    """The receipt code."""

    ASKED = NEEDED = ("code",)
    code = forms.CharField(
        label=gettext_lazy("Your code"), max_length=60,
        help_text=gettext_lazy("Sixteen signs in four groups, in large or small letters."),
        widget=forms.TextInput(
            attrs={"dir": "ltr", "autocomplete": "off", "autocapitalize": "characters",
                   "spellcheck": "false"}
        ),
    )  # fmt: skip


class LetterForm(DoorForm):
    """A letter."""

    NEEDED = ("text",)
    text = _text(gettext_lazy("What do you want to say?"), 4000, rows=4)


class DocumentForm(DoorForm):
    """A picture or PDF."""

    NEEDED = ("title", "file")
    title = _text(gettext_lazy("What is it?"), 200)
    file = forms.FileField(
        label=gettext_lazy("Picture or PDF"),
        widget=forms.FileInput(attrs={"accept": "image/*,.pdf"}),
        help_text=gettext_lazy(
            "20 MB at most. It is written anew; hidden data such as its position is dropped."
        ),
    )  # fmt: skip


class CorrectForm(PersonForm):
    """What was wrong or is new; what stays empty stays as it was."""

    ASKED = ("full_name", "calendar", "date_of_birth", "home_city")
    description = _text(gettext_lazy("Anything else that is new or was wrong"), 2000, rows=3)


class AnswerForm(DoorForm):
    """What a found person answers."""

    NEEDED = ("ask", "answer")
    ask = forms.UUIDField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        label=gettext_lazy("Your answer"), widget=forms.RadioSelect,
        choices=[
            ("yes", gettext_lazy("Yes: they may know that I am alive and how to reach me")),
            ("message_only", gettext_lazy("A message only, which I write below")),
            ("no_contact", gettext_lazy("They may know that I am alive and want no contact")),
            ("no", gettext_lazy("No: they are told nothing")),
            ("not_now", gettext_lazy("Not now: they are told nothing, and I may answer later")),
        ],
    )  # fmt: skip
    message = _text(gettext_lazy("The message"), 2000, rows=3)

    def clean(self) -> dict[str, Any]:
        """A message only needs one."""
        said = super().clean() or {}
        if said.get("answer") == "message_only" and not said.get("message"):
            self.add_error("message", _("Write the message that is to be passed on."))
        return said


class BlockForm(DoorForm):
    """Somebody who must never learn anything."""

    NEEDED = ("name",)
    name = _text(gettext_lazy("Their name"), 300)
    phones = _text(gettext_lazy("Their telephone numbers"), 300)


class RequestForm(DoorForm):
    """What somebody asks about their own data."""

    NEEDED = ("kind",)
    kind = forms.ChoiceField(
        label=gettext_lazy("What do you ask for?"), widget=forms.RadioSelect,
        choices=[("access", gettext_lazy("A copy of everything that is held about me")),
                 ("correction", gettext_lazy("To correct something")),
                 ("erasure", gettext_lazy("To erase what is held about me")),
                 ("objection", gettext_lazy("To be left out of every search"))],
    )  # fmt: skip
    words = _text(gettext_lazy("Anything that we should know"), 2000, rows=3)
    contact = _text(
        gettext_lazy("Where do we make sure that it is you?"), 300,
        gettext_lazy("A telephone number or a place; a member of staff verifies who asks."),
    )  # fmt: skip
