"""The closed sets' values in the reader's language: one word each, here and nowhere else.

>>> str(of("caseworker")), str(of("something new"))
('Caseworker', 'something new')
"""

from __future__ import annotations

from enum import Enum
from functools import cache

import icu
from django.utils.functional import Promise, lazy
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from reknit.language.lexicons import READERS, Sense, senses

WORDS: dict[str, Promise] = {
    # roles
    "desk": _("Registration desk"),
    "caseworker": _("Caseworker"),
    "supervisor": _("Supervisor"),
    "data_protection_officer": _("Data-protection officer"),
    "coordinator": _("Coordinator"),
    "administrator": _("Administrator"),
    # purposes
    "family_tracing": _("Tracing for the family"),
    "registration": _("Registration"),
    "ask_the_person": _("To ask the person"),
    "vital_interest": _("Vital interest"),
    "subject_request": _("The person's own request"),
    "quality": _("Checking the quality of work"),
    "data_protection": _("Data protection"),
    "operations": _("Running the installation"),
    # legal bases
    "consent": _("Consent"),
    "public_interest": _("Public interest"),
    "legitimate_interest": _("Legitimate interest"),
    "legal_obligation": _("Legal obligation"),
    # accounts and their fields
    "sought": _("Sought"),
    "found": _("Found"),
    "full_name": _("Name"),
    "given_name": _("Given name"),
    "family_name": _("Family name"),
    "alternate_names": _("Other names"),
    "sex": _("Sex"),
    "female": _("Female"),
    "male": _("Male"),
    "other": _("Other"),
    "date_of_birth": _("Date of birth"),
    "age": _("Age"),
    "source_date": _("Said on"),
    "source_name": _("Source"),
    "home_street": _("Home: street"),
    "home_neighborhood": _("Home: neighbourhood"),
    "home_city": _("Home: town"),
    "home_state": _("Home: region"),
    "home_postal_code": _("Home: postal code"),
    "home_country": _("Home: country"),
    "identifiers": _("Numbers"),
    "relatives": _("Relatives"),
    "group_id": _("Registered together as"),
    "description": _("Description"),
    "person_record_id": _("Number on the list"),
    "last_known_location": _("Last known place"),
    "phones": _("Telephone"),
    "email": _("E-mail address"),
    "name": _("Name"),
    "home": _("Home"),
    "birth_date": _("Date of birth"),
    "group": _("Registered together as"),
    "family": _("Family"),
    # the questions that the evidence answers, and what two fields are to each other
    "birth": _("Birth"),
    "phone": _("Telephone"),
    "identifier": _("Number"),
    "last_seen": _("Last seen"),
    "household": _("Close relatives"),
    "vault_digest": _("Telephone or place"),
    "agree": _("agrees"),
    "partly": _("agrees in part"),
    "differ": _("differs"),
    "only_sought": _("only the family says it"),
    "only_found": _("only the source says it"),
    "read_both": _("read both"),
    # models
    "proposed": _("Proposed"),
    "accepted": _("Accepted"),
    "set_aside": pgettext_lazy("model", "Set aside"),
    "taken_back": _("Taken back"),
    "model": _("Model"),
    "matchingmodel": _("Model"),
    # imports and jobs
    "waiting": _("Waiting"),
    "running": _("Running"),
    "done": _("Done"),
    "failed": _("Failed"),
    "undone": _("Taken back"),
    "cancelled": _("Cancelled"),
    "reading": _("Reading"),
    "storing": _("Storing"),
    "showing": _("Making visible"),
    # enquiries
    "draft": _("Draft"),
    "open": pgettext_lazy("state", "Open"),
    "searching": _("Searching"),
    "possible_match": _("Possible match"),
    "verifying": _("Verifying"),
    "awaiting_answer": _("Awaiting the person's answer"),
    "outcome": _("Outcome"),
    "follow_up": _("Follow-up"),
    "closed": _("Closed"),
    "none": _("None"),
    "contact_restored": _("Contact restored"),
    "message_only": _("Message only"),
    "alive_no_contact_wished": _("Alive, no contact wished"),
    "deceased": _("Deceased"),
    "withdrawn": _("Withdrawn"),
    "not_found": _("Not found"),
    "stated": _("Stated"),
    "documented": _("Documented"),
    "verified": _("Verified"),
    "not_assessed": _("Not assessed"),
    "no_concern": _("No concern"),
    "flagged": _("Flagged"),
    "match": _("Match"),
    "no_match": _("No match"),
    "unsure": _("Unsure"),
    # consent and disclosure
    "alive": _("That they are alive"),
    "message": _("A message"),
    "whereabouts": _("Where they are"),
    "contact": _("How to reach them"),
    "documents": _("Documents"),
    "record": _("Their record"),
    "death": _("Their death"),
    "everything": _("Everything"),
    "assigned_staff": _("The staff of an enquiry, to ask"),
    "seeker": _("Who made an enquiry"),
    "office": _("Another office"),
    "partner": _("A partner organisation"),
    "self": _("The person"),
    "anyone": _("Anyone"),
    "staff": _("Staff"),
    "relayed": _("Passed on"),
    "withheld": _("Withheld"),
    "yes": _("Yes"),
    "no": _("No"),
    "not_now": _("Not now"),
    "no_contact": _("Alive, no contact wished"),
    "letter": _("Letter"),
    "agreed": _("Agreed"),
    "refused": _("Refused"),
    "representative": _("Their legal representative"),
    "in_person": _("In person"),
    "telephone": _("By telephone"),
    "in_writing": _("In writing"),
    "online": _("Online"),
    "unverified": _("Not verified"),
    "contact_verified": _("Contact verified"),
    "seen_by_staff": _("Seen by staff"),
    # approvals
    "identification": _("Identification"),
    "flagged_case": _("Going on with a flagged case"),
    "lower_risk": _("Lowering a risk"),
    "minor": _("A minor"),
    "risk": _("Risk"),
    "unconscious": _("Unconscious"),
    "infant": _("An infant"),
    "dead": _("Dead"),
    "abuse": _("Abuse"),
    "trafficking": _("Trafficking"),
    "impostor": _("Somebody posing as a relative"),
    # relations
    "father": _("Father"),
    "mother": _("Mother"),
    "spouse": _("Spouse"),
    "son": _("Son"),
    "daughter": _("Daughter"),
    "brother": _("Brother"),
    "sister": _("Sister"),
    "grandfather": _("Grandfather"),
    "grandmother": _("Grandmother"),
    "uncle": _("Uncle"),
    "aunt": _("Aunt"),
    "cousin": _("Cousin"),
    "guardian": _("Guardian"),
    # subject requests, retention, the audit's rows
    "access": _("To see what is held"),
    "correction": _("To correct it"),
    "erasure": _("To erase it"),
    "objection": _("To be left out"),
    "not_missing": _("“I am not missing”"),
    "takedown": _("To take a false report down"),
    "answered": _("Answered"),
    "account": _("Person"),
    "removed_account": _("People taken back"),
    "removed_document": _("Documents taken back"),
    "saved_filter": _("Saved filters"),
    "enquiry": _("Enquiry"),
    "proof": _("Relationship"),
    "relative": _("Relative"),
    "batch": _("List"),
    "document": _("Document"),
    "judgement": _("Judgement"),
    "candidate": _("Candidate"),
    "approval": _("Approval"),
    "request": _("Request"),
    "user": _("Staff"),
    "entry": _("Audit"),
    "person": _("Person"),
    "job": _("Background work"),
    "alarm": _("Alarm"),
    "retention": _("Retention"),
    "import": _("List"),
    # what is told
    "place": _("Place"),
    "at": _("When"),
    "how_to_reach": _("How to reach them"),
    "contact_wished": _("Contact wished"),
    # alarms
    "off_case": _("Reading outside own cases"),
    "speed": _("Reading very fast"),
    "canary": _("A record that nobody has a reason to read"),
    "refusals": _("Many refusals"),
    "quota": _("The day's quota is used up"),
    # second factors
    "totp": _("Authenticator app"),
    "webauthn": _("Passkey"),
    "recovery_codes": _("Recovery codes"),
}  # fmt: skip


TOPICS: dict[str, Promise] = {
    "sought": _("Somebody is sought"),
    "sighting": _("Somebody was seen"),
    "safe": _("Safe"),
    "medical": _("Medical help"),
    "rescue": _("Rescue"),
    "threat": _("Threat"),
    "child_alone": _("A child alone"),
    "detention": _("Detention"),
    "trafficking": _("Trafficking"),
    "death": _("A death"),
    "shelter": _("Shelter"),
    "food": _("Food"),
    "water": _("Water"),
    "transport": _("Transport"),
    "offer": _("An offer of help"),
    "case_question": _("A question on a case"),
    "other": _("Something else"),
}
"""What messages are about."""

CHANNELS: dict[str, Promise] = {
    "sms": _("SMS"),
    "whatsapp": _("WhatsApp"),
    "voice": _("Voice"),
    "email": _("E-mail"),
    "web": _("Public form"),
    "desk": _("At the desk"),
    "other": _("Otherwise"),
}
"""How messages come."""

MESSAGE_WORDS: dict[str, Promise] = {
    # states
    "waiting": _("Being read"),
    "open": _("Nobody has looked"),
    "sorted": _("Sorted"),
    "done": _("Done"),
    "to_send": _("To be sent"),
    "sending": _("Being sent"),
    "sent": _("Sent"),
    # acts
    "confirm": _("Confirmed what was read"),
    "correct": _("Corrected what was read"),
    "link": _("Linked it, or took a link away"),
    "place": _("Put facts on a case"),
    "reply": _("Wrote an answer"),
    "hand_over": _("Handed it over"),
    "close": _("Closed it"),
    # facts
    "name": _("Name"),
    "age": _("Age"),
    "sex": _("Sex"),
    "date": _("Date"),
    "place_named": _("Place"),
    "phone": _("Telephone"),
    "relation": _("Relation"),
    "condition": _("Condition"),
    "group_size": _("How many people"),
    # whom a fact is about
    "sought": _("who is sought"),
    "found": _("who was seen"),
    "sender": _("who writes"),
    "relative": _("a relative"),
    "child": _("a child"),
    "other": _("somebody"),
    # packaged answers
    "received": _("We have received it"),
    "ask_language": _("Ask for the language"),
    "ask_who": _("Ask who is sought"),
    "ask_where_last": _("Ask about the last contact"),
    "searching": _("We are searching"),
    "emergency": _("We cannot send rescuers"),
    # learned models
    "proposed": _("Waits for a decision"),
    "accepted": _("In use"),
    "retired": _("Replaced"),
    "refused": _("Not used"),
    "below": _("Below the rules"),
}
"""States, acts, facts and answers of the message desk."""


def topic(value: object) -> str | Promise:
    """What a message is about; a desk's own label as it is."""
    return TOPICS.get(str(value), str(value))


URGENT: dict[str, Promise] = {
    "no known words in this language": _("no known words in this language: read it yourself"),
    "a child is missing": _("a child is missing"),
    "asks for help": _("asks for help"),
}


def why_urgent(reason: object) -> str:
    """What gave a message its urgency (`no water: dlo`) in the reader's words; after the colon stay
    the writer's own. What is none of the rules' reasons is shown as it is.

    >>> why_urgent("no water: dlo"), why_urgent("the model says so")
    ('no water: dlo', 'the model says so')
    """
    said, colon, theirs = str(reason).partition(": ")
    if said in URGENT:
        known = str(URGENT[said])
        return known if theirs == "a person has to read it" else f"{known}{colon}{theirs}"
    meaning = _meaning(said)
    if meaning is None and said.startswith("no "):
        lacking = _meaning(said.removeprefix("no "))
        meaning = None if lacking is None else gettext("no %(what)s") % {"what": lacking}
    return f"{str(TOPICS.get(said, said)) if meaning is None else meaning}{colon}{theirs}"


def _meaning(in_english: str) -> str | None:
    """A sense of the lexicon, named by its English meaning, in the reader's language."""
    reader = (get_language() or "en").partition("-")[0]
    sense = _senses().get(in_english)
    return None if sense is None else sense.meaning(reader if reader in READERS else "en")


@cache
def _senses() -> dict[str, Sense]:
    return {sense.meaning("en"): sense for sense in senses().values()}


def channel(value: object) -> str | Promise:
    """How a message came."""
    return CHANNELS.get(str(value), str(value))


def of_message(value: object) -> str:
    """A state, act, fact or answer of the message desk; anything else as it is."""
    return str(MESSAGE_WORDS.get(str(value), str(value)))


JOBS: dict[str, Promise] = {
    "import": _("Bringing a list in"),
    "read message": _("Reading a message"),
    "assist message": _("A model's proposal on a message"),
    "send answer": _("Sending an answer"),
    "learn from messages": _("Learning from corrected messages"),
    "candidates of batch": _("Comparing a list with the enquiries"),
    "candidates of enquiry": _("Looking for who is sought in an enquiry"),
    "candidates of registration": _("Comparing somebody who registered with the enquiries"),
    "bulk": _("Many cases at once"),
    "need of enquiry": _("Weighing the need of an enquiry"),
    "need of batch": _("Weighing the need of a list's enquiries"),
    "train model": _("Making a model out of judgements"),
    "score anew": _("Weighing candidates by the new model"),
    "nightly": _("What is done each night"),
    "publish answers": _("Giving out answers at the fixed hour"),
}
"""What runs in the background, by the names of its jobs (reknit.jobs.HANDLERS)."""

STEPS: dict[str, Promise] = {
    "looking for people sought": _("Looking for people sought"),
    "weighing need": _("Weighing need"),
    "many cases": _("Going through the cases"),
    "reading what was judged": _("Reading what was judged"),
    "trying the model": _("Trying the model"),
    "estimate": _("Estimating"),
    "compare": _("Comparing"),
}
"""What a job is at, where `of` has no word for it."""


def job(name: object) -> str:
    """What a piece of background work is called."""
    return str(JOBS.get(str(name), name))


def step(doing: object) -> str:
    """What a piece of background work is at."""
    known = STEPS.get(str(doing))
    return of(doing) if known is None else str(known)


def language(code: object) -> str:
    """A language in the reader's own: `ar` as "Arabic"; `und` as what it asks for."""
    text = str(code)
    if text in {"und", ""}:
        return gettext("unknown: ask")
    name = icu.Locale(text).getDisplayName(icu.Locale(get_language() or "en"))
    return str(name) or text


language_lazily = lazy(language, str)
"""The same for a form, which is made before its reader is known."""


def country(code: str) -> str:
    """A country in the reader's own language: `SY` as "Syria"."""
    return str(icu.Locale("", code).getDisplayCountry(icu.Locale(get_language() or "en")))


WHY: dict[str, Promise] = {
    "not_permitted": _("Your role or case does not include it."),
    "not_the_purpose": _("Not for this purpose."),
    "not_the_recipient": _("Not to this recipient."),
    "not_the_scope": _("Such a recipient is not told this."),
    "not_assigned": _("The case is not yours."),
    "not_reviewed": _("Nobody has judged yet that this is the person sought."),
    "needs_second_person": _("A second person has to confirm it first."),
    "same_person": _("It takes another person than the one who proposed it."),
    "account_disabled": _("The account of one of the two is closed."),
    "lapsed": _("It has lapsed; propose it anew."),
    "already_decided": _("It was decided already."),
    "risk_not_assessed": _("Nobody has assessed yet whether contact could do harm."),
    "risk_flagged": _("The case is flagged; two people have to release it."),
    "blocked": _("The person does not want this seeker to learn anything."),
    "refused": _("The person said no."),
    "withdrawn": _("The person took the consent back."),
    "expired": _("The consent has ended."),
    "unverified": _("It is not verified that the person said it."),
    "less_assurance": _("A surer answer stands against it."),
    "needs_representative": _("The person is or may be a minor; a representative has to agree."),
    "child_not_heard": _("The child's own view is not recorded."),
    "must_be_asked": _("The person can be asked, so they have to be."),
    "no_consent": _("There is no consent to it."),
    "removed": _("The record was taken back."),
    "erased": _("The record was erased."),
    "nothing_held": _("Nothing of the kind is held."),
    "quota": _("You have opened as many people as a day allows."),
    "legal_hold": _("The law requires it to be kept for now."),
}
"""Why something is not told or not done, for staff; no seeker ever sees one (I3)."""


HAPPENED: dict[str, Promise] = {
    "filed": _("Filed"),
    "moved": _("Went on to"),
    "edited": _("What it says was changed"),
    "assessed": _("Assessed"),
    "candidates": _("New candidates"),
    "judged": _("Judged"),
    "second": _("A second person was asked"),
    "confirmed": _("Confirmed by a second person"),
    "taken_back": _("Taken back"),
    "task": _("Task"),
    "task_done": _("Task done"),
    "note": _("Note"),
    "document": _("Document added"),
    "consent": _("The person answered"),
    "consent_withdrawn": _("Consent withdrawn"),
    "told": _("Told"),
    "letter": _("Letter"),
    "letter_decided": _("A message between family members"),
    "message_linked": _("A message was linked to the case"),
    "message_placed": _("Facts of a message were put on the case"),
    "asked": _("The person was asked"),
    "answered": _("The person answered"),
    "offered": _("Offered to another office"),
    "offer_answered": _("The other office answered"),
    "need": _("Need stated"),
    "taken_over": _("The work on it was taken over"),
}
"""What happened on a case."""


SAYS: dict[str, Promise] = {
    "draft": _("Begun, not filed yet; nobody searches."),
    "open": _("Filed; the search begins by itself."),
    "searching": _("Each list that comes in is compared with it."),
    "possible_match": _("Somebody may be the person sought; judge the candidates."),
    "verifying": _("Somebody was judged to be the person sought; make sure before they are asked."),
    "awaiting_answer": _("The person is asked what may be told, and to whom."),
    "outcome": _("It is known how it ends."),
    "follow_up": _("It has an outcome; somebody still looks after those concerned."),
    "closed": _("Nobody works on it any more. A supervisor can reopen it."),
}
"""What each step of a case means, for staff; no seeker ever sees one (I3)."""


NEED: dict[str, Promise] = {
    "next": _("The case has moved on, or this step does not follow from where it stands."),
    "seeker": _("Say who looks for them, and how they are related."),
    "candidate": _("There is no candidate."),
    "match": _(
        "Somebody has to be judged to be the person sought, and the judgement has to count."
    ),
    "second": _("A minor, or a flagged case: a second person has to confirm who it is."),
    "risk": _("Assess first whether contact could harm somebody."),
    "flag": _("The case is flagged: two people have to agree to go on."),
    "answer": _("Record first what the person answered."),
    "message": _("No message was told to who looks yet."),
    "told": _("Nothing was told to who looks yet, on the person's consent."),
    "death": _("Two people have to agree on the death, and on who it is."),
    "outcome": _("Say how it ends."),
    "proof": _("Say first how the relationship is shown."),
    "reason": _("Say why."),
}
"""What a step of a case still needs, for staff."""


STANDING: dict[str, Promise] = {
    "waiting": _("Not judged yet"),
    "matched": _("It is them"),
    "confirming": _("Waits for a second person"),
    "refused": _("Somebody else"),
    "unsure": _("Unsure"),
    "gone": _("No longer a candidate"),
}


BANDS: dict[int, Promise] = {1: _("Now"), 2: _("Soon"), 3: _("In turn")}
"""How soon a case's turn comes."""

FACTS: dict[str, Promise] = {
    "alone": _("They are alone, without an adult who cares for them"),
    "medical": _("They need medical help that cannot wait"),
    "detained": _("They are detained"),
    "trafficking": _("They may be moved or held by traffickers"),
}
"""What staff may state of the person sought."""

UNKNOWN: dict[str, Promise] = {
    "age": _("their age"),
    "deadline": _("a deadline"),
    "last_contact": _("when they were last heard of"),
}
"""What rules of need could not look at."""

NEED_RULES: dict[str, Promise] = {
    "child_alone": _("A child who is alone"),
    "small_child": _("A small child"),
    "medical": _("Urgent medical need"),
    "trafficking": _("Said to be at risk of trafficking"),
    "trafficking_concern": _("The risk assessment fears trafficking"),
    "detention_deadline": _("Detained, with a deadline within a week"),
    "deadline": _("A deadline within a week"),
    "detained": _("Detained"),
    "child": _("A child"),
    "old": _("An old person"),
    "contact_just_lost": _("Contact was lost in the last two weeks"),
    "no_word_for_long": _("No word for half a year"),
    "waiting": _("The family has waited for two months"),
}
"""What the packaged rules of need say; an installation's own say it in its own words."""

NEED_BECAUSE: dict[str, Promise] = {
    "child_alone": _("a child without an adult who cares for them is in danger each day"),
    "small_child": _("small children cannot say who they are and forget where they are from"),
    "medical": _("care may depend on what the family knows, and on deciding in time"),
    "trafficking": _("who is being moved or held by others may be out of reach tomorrow"),
    "trafficking_concern": _("who is being moved or held by others may be out of reach tomorrow"),
    "detention_deadline": _(
        "a hearing or a deportation cannot be undone by finding the family later"
    ),
    "deadline": _("what must be done by a day is done before it"),
    "detained": _("people who are held cannot look for their family themselves"),
    "child": _("every child who is sought is separated from somebody who looks for them"),
    "old": _("there may be little time left to meet again"),
    "contact_just_lost": _("people who saw them are still there to be asked"),
    "no_word_for_long": _(
        "not knowing for so long harms; an old case must not sink below new ones"
    ),
    "waiting": _("no case waits at the end for ever"),
}
"""Why each of them is there."""

RETENTION_RULES: dict[str, Promise] = {
    "people": _("People"),
    "people-short": _("People on lists that are kept briefly"),
    "removed-people": _("People taken back"),
    "removed-documents": _("Documents taken back"),
    "old-whereabouts": _("Old whereabouts"),
    "closed-cases": _("Closed cases"),
    "uploads": _("Lists as they came"),
    "answered-requests": _("Answered requests"),
    "messages": _("Messages"),
    "saved-filters": _("Saved filters"),
}
"""What the packaged rules of retention are called; an installation's own have their own names."""

CATEGORIES: dict[str, Promise] = {
    "standard": _("as usual"),
    "short": _("kept briefly"),
    "legal_hold": _("kept by order of the law"),
}
"""How long a source's people are kept."""

KINDS: dict[str, Promise] = {
    "acknowledgement": _("Alarm"),
    "act": _("Act of the message desk"),
    "answer": _("Answers at the fixed hour"),
    "ask": _("Question to the person found"),
    "assessment": _("Risk assessment"),
    "attachment": _("Attachment"),
    "audit": _("Audit"),
    "block": _("Block"),
    "bulk": _("Many cases at once"),
    "claim": _("Who works on a case"),
    "disclosure": _("Disclosure"),
    "draft": _("Draft"),
    "edit": _("Change of a case"),
    "figures": _("Figures"),
    "filter": _("Saved filters"),
    "gateway": _("Gateway"),
    "installation": _("Installation"),
    "learnedmodel": _("Model of messages"),
    "lesson": _("Model of messages"),
    "listing": _("Who is on a list"),
    "look": _("Second look"),
    "mirroring": _("Copy of another list"),
    "move": _("Step of a case"),
    "need": _("Need"),
    "needstatement": _("Need"),
    "note": _("Note"),
    "quotagrant": _("More people for a day"),
    "operation": _("Work on the installation"),
    "queue": _("Queue"),
    "registration": _("Registration"),
    "replytemplate": _("Answer to use again"),
    "retentionrun": _("Retention"),
    "review": _("Going through candidates"),
    "reviewer": _("Settings of the review"),
    "sample": _("Quality sample"),
    "savedfilter": _("Saved filters"),
    "search": _("A search"),
    "sender": _("Sender of a message"),
    "skip": _("Left for later"),
    "source": _("Source"),
    "subjectrequest": _("Request"),
    "takeover": _("Who works on a case"),
    "task": _("Task"),
    "transfer": _("Offer to another office"),
    "vital_interest": _("Decision in somebody's place"),
    "vitalinterest": _("Decision in somebody's place"),
}
"""What entries of the audit are about, besides what WORDS has."""

VIEWS: dict[str, Promise] = {
    "mine": _("My cases"),
    "candidates": _("New candidates"),
    "letters": _("Letters to read"),
    "waiting": _("Waiting for answers"),
    "deadlines": _("Deadlines"),
    "stuck": _("Stuck"),
    "nobodys": _("Nobody's"),
    "all": _("All open"),
}
"""The queue's views."""

EMPTY_VIEW: dict[str, Promise] = {
    "mine": _("No case is yours. Ask your supervisor for one, or file one for a family."),
    "candidates": _("Every candidate has been looked at. New lists bring new ones."),
    "letters": _("No letter waits for staff: each was read, and passed on or not."),
    "waiting": _("Nobody is being asked. Cases come here when a person is asked what may be told."),
    "deadlines": _("Nothing is due within the next days."),
    "stuck": _("Something was done on each case lately."),
    "nobodys": _("Somebody works on every case."),
    "all": _("No case is open. File one for a family, or bring in a list of people sought."),
}
"""What to do where a view is empty."""


TRANSFERS: dict[str, Promise] = {
    "waiting": _("Waits for an answer"),
    "accepted": _("Accepted"),
    "declined": _("Declined"),
    "withdrawn": _("Taken back"),
    "undone": _("Given back"),
}
"""Where an offer of a case to another office is."""


def rule(of_need: object) -> str:
    """What a rule of need says, in the reader's language where it is one that comes with Reknit."""
    name, says = getattr(of_need, "name", ""), getattr(of_need, "says", "")
    return str(NEED_RULES.get(name, says))


def because(of_need: object) -> str:
    """Why a rule of need is there, in the reader's language where it comes with Reknit."""
    name, said = getattr(of_need, "name", ""), getattr(of_need, "because", "")
    return str(NEED_BECAUSE.get(name, said))


def kind(of_entry: object) -> str:
    """What an entry of the audit is about."""
    return str(KINDS.get(str(of_entry)) or of(of_entry))


def standing(value: object) -> str:
    """Where a candidate stands, in the reader's words."""
    return str(STANDING.get(str(value), str(value)))


def happened(what: object) -> str:
    """What happened, in a line of time."""
    return str(HAPPENED.get(str(what), str(what)))


def says(status: object) -> str:
    """What a step of a case means."""
    return str(SAYS.get(str(status), status))


def need(of_step: object) -> str:
    """What a step of a case still needs."""
    return str(NEED.get(str(of_step), of_step))


def why(reason: object) -> str:
    """A reason of guard's in the reader's words."""
    key = str(reason.value if isinstance(reason, Enum) else reason)
    return str(WHY.get(key, key.replace("_", " ")))


def of(value: object) -> str:
    """The word for a value; a value that has none is shown as it is, its underscores as spaces,
    and a kind of file by its last part: `image/jpeg` as JPEG."""
    key = str(value.value if isinstance(value, Enum) else value)
    if "/" in key:  # a kind of file
        return key.rpartition("/")[2].upper()
    word = WORDS.get(key.lower())
    return str(word) if word is not None else key.replace("_", " ")


def choices(values: object, *, blank: str | Promise | None = None) -> list[tuple[str, object]]:
    """The values of a closed set with their words, for a form's field."""
    found: list[tuple[str, object]] = [] if blank is None else [("", blank)]
    for value in values:  # type: ignore[attr-defined]
        found.append((value.value, WORDS.get(str(value.value), str(value.value))))
    return found
