"""The review screen: both sides in their scripts, bars that agree with figures, nothing withheld
shown, plain forms, and a verdict that carries what was seen."""

from __future__ import annotations

import functools
import math
import re

import pytest
from django.http import HttpResponse
from django.test import Client

from reknit.casework import claims, review, reviewers
from reknit.casework.models import Candidate, Skip
from reknit.guard import approvals, vault
from reknit.guard.models import Entry
from reknit.intake import documents
from reknit.records import sources
from reknit.records.models import Enquiry, Judgement, Risk, Verdict
from reknit.sealing import records
from reknit.vocabulary import Role
from tests.casework.cases import EVIDENCE, PRIOR, some_candidates
from tests.guard.scene import HARBOUR, PHONE
from tests.staff import noor, staff
from tests.web.everything import picture
from tests.web.signing_in import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def text_of(answer: object) -> str:
    assert isinstance(answer, HttpResponse)
    return answer.content.decode()


def fields_of(page: str) -> dict[str, str]:
    """The hidden fields of the verdict's form, as a browser sends them."""
    form = re.search(
        r'<form method="post" action="[^"]+" class="card verdict".*?</form>', page, re.S
    )
    assert form is not None
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form.group()))


def decide(client: Client, candidate: Candidate, page: str, **said: str) -> HttpResponse:
    sent = {**fields_of(page), **said}
    sent.pop("csrfmiddlewaretoken", None)
    return client.post(f"/candidates/{candidate.pk}/decide/", sent)  # type: ignore[return-value]


def test_it_shows_both_in_their_scripts_with_readings_places_signs_and_relatives() -> None:
    some_candidates([[0.9]])
    page = text_of(signed_in(noor()).get("/review/"))
    for words in ("إدريس حداد الشامي", "Idris Haddad", "Homs, SY", "يوسف حداد", "Yusuf Haddad"):
        assert words in page
    assert 'class="sign-agree"' in page
    assert "agrees" in page
    assert "only the family says it" in page


def test_bars_and_figures_agree() -> None:
    """The sum of the figures beside the bars is the sum in the table, and its odds are the figure
    at the end, with the bar that makes up what the evidence alone does not say."""
    some_candidates([[0.9]])
    page = text_of(signed_in(noor()).get("/review/"))
    figures = re.findall(r'fall-figure num">([^<]+)<', page)
    weights = [float(f.replace("−", "-").replace("+", "")) for f in figures[:-1] if f != "–"]
    evidence = [float(line["weight"]) for line in EVIDENCE if line["weight"]]
    assert weights[: 1 + len(evidence)] == [PRIOR, *(round(w, 1) for w in evidence)]
    total = sum(weights)
    assert math.isclose(1 / (1 + 2**-total), 0.9, abs_tol=0.02)
    assert figures[-1] == "90 %"
    assert page.count("<rect") == len(weights) + 1 - sum(1 for w in weights if w == 0)


def test_no_whereabouts_and_no_telephone_are_on_it() -> None:
    ((one,),) = some_candidates([[0.9]])
    vault.put([one.account_id], [{"last_known_location": HARBOUR, "phones": PHONE, "at": "2026"}])
    page = text_of(signed_in(noor()).get("/review/"))
    assert "Idris" in page
    assert HARBOUR not in page
    assert PHONE not in page


def test_papers_of_both_sides_stand_beside_each_other_by_their_titles() -> None:
    """Listing them is audited as such; a picture is fetched, and audited as opened, by unfolding
    it. A candidate's may say where somebody is: Noor has them once that is judged a match, and no
    longer than that. What was taken out, and what is another case's, is not there."""
    ((one,), (other,)) = some_candidates([[0.9], [0.8]])
    actor = staff(Role.SUPERVISOR).as_actor()
    keep = functools.partial(documents.add, actor, picture(), original_name="scan.png")
    booklet, gone = keep("Family booklet", enquiry=one.enquiry), keep("Old", enquiry=one.enquiry)
    documents.remove(actor, gone.pk, "twice")
    card = keep("Card of the port", account=one.account)
    keep("Somebody else's", enquiry=other.enquiry)
    client = signed_in(noor())
    sought, found = papers_of(client, one)
    assert ("Family booklet" in sought, "Card of the port" in found) == (True, False)
    assert (f'src="/documents/{booklet.pk}/"' in sought, "Old" in sought) == (True, False)
    assert "Open once they are judged a match" in found
    assert client.get(f"/documents/{card.pk}/").status_code == 404
    judged = review.judge(noor().as_actor(), one.pk, Verdict.MATCH, "the father's name")
    sought, found = papers_of(client, one)
    assert ("Card of the port" in found, "Card of the port" in sought) == (True, False)
    assert "Somebody" not in sought + found
    done = Entry.objects.filter(resource_id__in=[str(booklet.pk), str(card.pk)])
    acts = set(done.values_list("action", flat=True))
    assert acts == {"document:add", "document:list", "document:read:refused"}
    assert client.get(f"/documents/{card.pk}/").status_code == 200
    review.undo(noor().as_actor(), judged.judgement.pk, "misread")
    assert "Card of the port" not in papers_of(client, one)[1]
    assert client.get(f"/documents/{card.pk}/").status_code == 404


def test_papers_of_whom_it_takes_two_to_identify_stay_shut_until_the_second_has_confirmed() -> None:
    """I11: the first of two opened all that a candidate had added about themselves."""
    ((one,),) = some_candidates([[0.9]])
    Enquiry.objects.filter(pk=one.enquiry_id).update(risk=Risk.FLAGGED)
    supervisor = staff(Role.SUPERVISOR)
    documents.add(supervisor.as_actor(), picture(), "Card", "x.png", account=one.account)
    judged = review.judge(noor().as_actor(), one.pk, Verdict.MATCH, "the father's name")
    assert judged.approval is not None
    client = signed_in(noor())
    assert ">Card<" not in papers_of(client, one)[1]
    approvals.confirm(supervisor.as_actor(), judged.approval.pk)
    assert ">Card<" in papers_of(client, one)[1]


def papers_of(client: Client, candidate: Candidate) -> tuple[str, str]:
    """What the review lists of either side."""
    page = text_of(client.get(f"/review/{candidate.enquiry_id}/?candidate={candidate.pk}"))
    sides = re.search(r'id="papers".*?</section>', page, re.S)
    assert sides is not None
    sought, found = sides.group().split("<h3>Candidate")
    return sought, found


def test_a_verdict_leads_on_to_the_next_and_back_to_the_one_before() -> None:
    ((first, second),) = some_candidates([[0.9, 0.4]])
    client = signed_in(noor())
    page = text_of(client.get("/review/"))
    assert f"/candidates/{first.pk}/decide/" in page
    answer = decide(client, first, page, verdict="no_match", reason="another father")
    assert (answer.status_code, answer["Location"]) == (302, "/review/")
    page = text_of(client.get("/review/"))
    assert f"/candidates/{second.pk}/decide/" in page
    assert f"/review/?candidate={first.pk}" in page
    judgement = Judgement.objects.get()
    assert (judgement.verdict, judgement.probability) == (Verdict.NO_MATCH, 0.9)
    assert records.unseal([judgement])[0]["reason"] == "another father"
    decide(client, second, page, verdict="unsure")
    assert "Nothing waits for you" in text_of(client.get("/review/"))


def test_a_skip_and_each_undo_work_without_javascript() -> None:
    ((first, second),) = some_candidates([[0.9, 0.4]])
    client = signed_in(noor())
    decide(client, first, text_of(client.get("/review/")), verdict="skip")
    assert f"/candidates/{second.pk}/decide/" in text_of(client.get("/review/"))
    answer = client.post("/review/undo/")
    assert answer["Location"] == f"/review/?candidate={first.pk}"
    assert Skip.objects.get().undone_at is not None
    decide(client, first, text_of(client.get("/review/")), verdict="match")
    history = text_of(client.get("/review/history/"))
    (act,) = re.findall(r'name="act" value="(judgement:[^"]+)"', history)
    answer = client.post("/review/undo/", {"act": act, "from": "history"})
    assert answer["Location"] == "/review/history/"
    assert Judgement.objects.get().undone_at is not None
    assert "taken back" in text_of(client.get("/review/history/"))


def test_the_second_of_two_tabs_is_refused_and_sees_both() -> None:
    ((one,),) = some_candidates([[0.9]])
    client = signed_in(noor())
    page = text_of(client.get("/review/"))
    decide(client, one, page, verdict="no_match")
    answer = decide(client, one, page, verdict="match")
    assert answer.status_code == 409
    said = text_of(answer)
    assert "Your verdict was not taken" in said
    assert "not judged yet" in said
    assert Judgement.objects.get().verdict == Verdict.NO_MATCH


def test_two_keys_are_enough_from_the_queue() -> None:
    """Enter on the link to the review screen, and the key of the verdict: two strokes, one page
    each; the page after the first shows the sure candidate, nothing is to be chosen or typed."""
    ((sure, _other),) = some_candidates([[0.999, 0.3]])
    client = signed_in(noor())
    strokes = 1
    page = text_of(client.get("/review/"))
    buttons = re.findall(r'name="verdict" value="(\w+)" type="submit" data-key="(.)"', page)
    keys = {key: verdict for verdict, key in buttons}
    strokes += 1
    decide(client, sure, page, verdict=keys["m"])
    assert review.standings([sure])[sure.pk] == review.Standing.MATCHED
    assert strokes <= 3


def test_each_button_says_a_whole_word_beside_its_key() -> None:
    some_candidates([[0.9]])
    reviewers.choose(noor().as_actor(), {"match": "y"}, keys_on=True, blind=False)
    page = text_of(signed_in(noor()).get("/review/"))
    for word, key in (("Match", "Y"), ("No match", "N"), ("Unsure", "U"), ("Skip", "S")):
        assert re.search(rf"</svg> {word} <kbd>{key}</kbd>", page), word


def test_keys_can_be_changed_and_a_collision_is_refused_beside_the_field() -> None:
    client = signed_in(noor())
    keys = {**reviewers.USUAL, "match": "n"}
    page = text_of(client.post("/review/keys/", {**keys, "keys_on": "on"}))
    assert "Choose one sign that no other act has" in page
    assert reviewers.way_of(noor().as_actor()).keys == reviewers.USUAL
    answer = client.post("/review/keys/", {**keys, "match": "y", "keys_on": "on"})
    assert answer.status_code == 302
    assert reviewers.way_of(noor().as_actor()).keys["match"] == "y"


def test_blind_the_page_holds_no_score_until_the_verdict() -> None:
    ((one,),) = some_candidates([[0.876]])
    reviewers.require_blind(staff(Role.SUPERVISOR).as_actor(), required=True)
    client = signed_in(noor())
    page = re.sub(r"<time[^>]*>", "", text_of(client.get("/review/")))  # 23:43:00.876566
    for word in ("88 %", "0.876", "fall-bar", "by chance", str(EVIDENCE[0]["sentence"])):
        assert word not in page, word
    assert fields_of(page)["probability"] == ""
    page = text_of(decide(client, one, page, verdict="no_match"))
    assert Judgement.objects.get().probability is None
    page = text_of(client.get("/review/"))
    assert "The score that was hidden: 88 %." in page
    page = text_of(client.get(f"/review/?candidate={one.pk}"))
    assert "fall-bar" in page


def test_blind_the_list_of_enquiries_shows_no_score_either() -> None:
    some_candidates([[0.876]])
    client = signed_in(noor())
    assert "88 %" in text_of(client.get("/enquiries/"))
    reviewers.choose(noor().as_actor(), {}, keys_on=True, blind=True)
    assert "88 %" not in text_of(client.get("/enquiries/"))


def test_a_page_that_showed_the_score_judges_nothing_once_the_office_reviews_blind() -> None:
    ((one,),) = some_candidates([[0.9]])
    client = signed_in(noor())
    page = text_of(client.get("/review/"))
    reviewers.require_blind(staff(Role.SUPERVISOR).as_actor(), required=True)
    decide(client, one, page, verdict="match")
    assert not Judgement.objects.exists()


def test_a_case_that_a_colleague_works_on_is_passed_over_and_says_who() -> None:
    ((first,), (second,)) = some_candidates([[0.9], [0.4]])
    supervisor = staff(Role.SUPERVISOR)
    supervisor.name = "Salma"
    supervisor.save()
    claims.claim(supervisor.as_actor(), first.enquiry_id)
    client = signed_in(noor())
    page = text_of(client.get("/review/"))
    assert f"/candidates/{second.pk}/decide/" in page
    page = text_of(client.get(f"/review/{first.enquiry_id}/"))
    assert "Salma" in page
    assert 'value="match"' not in page
    decide(client, first, page, verdict="match")
    assert not Judgement.objects.exists()


def test_sources_that_copy_others_count_once() -> None:
    ((one,),) = some_candidates([[0.9]])
    original = sources.find_or_add("The port's own list", one.enquiry.office)
    sources.set_mirror(one.account.source, original, noor())
    page = text_of(signed_in(noor()).get("/review/"))
    assert "copies" in page
    assert "The port" in page
    assert "1 independent source" in page


@pytest.mark.parametrize("who", [(Role.CASEWORKER, "Sud"), (Role.SUPERVISOR, "Sud")])
def test_another_office_sees_and_judges_nothing(who: tuple[Role, str]) -> None:
    ((one,),) = some_candidates([[0.9]])
    client = signed_in(staff(*who))
    assert "Idris" not in text_of(client.get("/review/"))
    for place in (f"/review/{one.enquiry_id}/", f"/review/?candidate={one.pk}"):
        assert client.get(place).status_code == 404
    said = {"verdict": "match", "version": "1"}
    assert client.post(f"/candidates/{one.pk}/decide/", said).status_code == 404
    assert client.post("/review/undo/", {"act": f"skip:{one.pk}"}).status_code == 404


def test_a_candidate_is_not_shown_under_another_case() -> None:
    ((first,), (second,)) = some_candidates([[0.9], [0.4]])
    answer = signed_in(noor()).get(f"/review/{second.enquiry_id}/?candidate={first.pk}")
    assert answer.status_code == 404


def test_what_is_no_verdict_changes_nothing() -> None:
    ((one,),) = some_candidates([[0.9]])
    client = signed_in(noor())
    page = text_of(client.get("/review/"))
    for said in ({"verdict": "perhaps"}, {"verdict": "match", "version": "x"}):
        assert decide(client, one, page, **said).status_code == 302
    assert not Judgement.objects.exists()
