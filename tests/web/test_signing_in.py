"""Signing in (trust: test 20): a second factor before anything else, codes that work once, sessions
that end."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reknit.guard import sign_in_links as links
from reknit.records.models import User
from reknit.vocabulary import Role
from tests.staff import noor, office, staff
from tests.web.signing_in import (
    PASSWORD,
    SECRET,
    code,
    give_password,
    signed_in,
    with_app,
    with_password,
)

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

HOME = "/"


def _is_home(client: Client) -> bool:
    return client.get(HOME).status_code == 200


def test_it_asks_who_is_not_signed_in_to_sign_in() -> None:
    answer = Client().get(HOME)
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/")


def test_it_shows_nothing_before_a_second_factor_is_set_up() -> None:
    client = Client()
    give_password(client, with_password(noor()))
    for address in (HOME, reverse("account"), reverse("mfa_index")):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (302, "/second-factor/")
    assert client.get("/second-factor/").status_code == 200


def test_it_takes_password_and_code_and_then_opens() -> None:
    client, user = Client(), with_app(with_password(noor()))
    answer = give_password(client, user)
    assert answer["Location"].startswith("/sign-in/code/")
    assert not _is_home(client)
    client.post("/sign-in/code/", {"code": code()})
    assert _is_home(client)


@pytest.mark.parametrize("wrong", ["000000", "", "1" * 400, "١٢٣٤٥٦"])
def test_it_refuses_a_wrong_code(wrong: str) -> None:
    client, user = Client(), with_app(with_password(noor()))
    give_password(client, user)
    answer = client.post("/sign-in/code/", {"code": wrong})
    assert answer.status_code == 200
    assert not _is_home(client)


def test_a_code_works_once() -> None:
    user = with_app(with_password(noor()))
    used = code()
    first, second = Client(), Client()
    for client in (first, second):
        give_password(client, user)
        client.post("/sign-in/code/", {"code": used})
    assert _is_home(first)
    assert not _is_home(second)


def test_the_code_that_set_the_app_up_is_used_up_too() -> None:
    client, user = Client(), with_password(noor())
    give_password(client, user)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    used = code(secret)
    client.post(reverse("mfa_activate_totp"), {"code": used})
    assert _is_home(client)
    other = Client()
    give_password(other, user)
    other.post("/sign-in/code/", {"code": used})
    assert not _is_home(other)


def test_a_recovery_code_works_once() -> None:
    client, user = Client(), with_password(noor())
    give_password(client, user)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    recovery = Authenticator.objects.get(user=user, type="recovery_codes").wrap()
    spare = recovery.get_unused_codes()[0]
    outcomes = []
    for browser in (Client(), Client()):
        give_password(browser, user)
        browser.post("/sign-in/code/", {"code": spare})
        outcomes.append(_is_home(browser))
    assert outcomes == [True, False]


def test_secrets_of_second_factors_are_sealed() -> None:
    user = with_app(noor())
    stored = json.dumps(Authenticator.objects.get(user=user).data)
    assert SECRET not in stored
    assert Authenticator.objects.get(user=user).wrap().validate_code(code())


def test_a_stolen_row_opens_no_session_and_tells_nothing() -> None:
    client = signed_in(noor())
    assert _is_home(client)
    cookie = client.cookies["reknit"].value
    row = Session.objects.get()
    assert row.session_key != cookie
    assert "_auth_user_id" not in row.session_data
    thief = Client()
    thief.cookies["reknit"] = row.session_key
    assert not _is_home(thief)


def test_a_session_moved_to_another_row_opens_nothing() -> None:
    mine, theirs = signed_in(noor()), signed_in(staff(Role.SUPERVISOR))
    rows = {_row_of(mine).pk: _row_of(theirs).session_data}
    Session.objects.filter(pk=_row_of(mine).pk).update(session_data=rows[_row_of(mine).pk])
    assert not _is_home(mine)


def test_a_session_idles_out_after_half_an_hour() -> None:
    client = signed_in(noor())
    assert _is_home(client)
    row = Session.objects.get()
    assert row.expire_date - timezone.now() <= timedelta(minutes=30)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not _is_home(client)


def test_work_keeps_a_session_alive_without_a_write_each_time() -> None:
    client = signed_in(noor())
    client.get(HOME)
    with _Writes() as writes:
        client.get(HOME)
        client.get(HOME)
    assert writes == []


@pytest.mark.parametrize("change", ["role", "office", "password", "ended", "disabled"])
def test_a_session_ends_when_what_it_rests_on_changes(change: str) -> None:
    user = with_password(noor())
    client = signed_in(user)
    assert _is_home(client)
    match change:
        case "role":
            user.role = Role.SUPERVISOR.value
        case "office":
            user.office = office("Sud")
        case "password":
            user.set_password("another four word phrase")
        case "ended":
            user.sessions_since += 1
        case "disabled":
            user.is_active = False
    user.save()
    assert not _is_home(client)


def test_nobody_signs_up() -> None:
    client = Client()
    for address in ("/accounts/signup/", "/signup/", "/sign-up/", "/accounts/password/reset/"):
        assert client.get(address).status_code == 404
    assert not User.objects.filter(email="rafi@outside.example").exists()


def test_an_account_tried_too_often_is_refused_before_its_password_is_hashed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cache.clear()
    user = with_app(with_password(noor()))
    for _ in range(12):
        give_password(Client(), user, "a wrong password")
    hashed: list[str] = []
    monkeypatch.setattr(User, "check_password", lambda self, raw: hashed.append(raw))
    monkeypatch.setattr(User, "set_password", lambda self, raw: hashed.append(raw))
    answer = give_password(Client(), user, PASSWORD)
    assert hashed == []
    assert answer.status_code in {200, 429}
    cache.clear()


def test_an_address_that_tries_many_accounts_is_refused_too() -> None:
    cache.clear()
    answers = [
        Client().post("/sign-in/", {"login": f"{n}@nord.example", "password": "guess"})
        for n in range(40)
    ]
    assert answers[-1].status_code == 429
    cache.clear()


def test_an_unknown_account_and_a_wrong_password_read_the_same() -> None:
    user = with_app(with_password(noor()))
    wrong = give_password(Client(), user, "a wrong password")
    unknown = Client().post("/sign-in/", {"login": "rafi@nord.example", "password": "x" * 16})
    assert _errors(wrong) == _errors(unknown)


def test_a_one_time_link_sets_the_password_and_leads_to_the_second_factor() -> None:
    user = noor()
    link = links.sign_in_link(user, "http://testserver")
    client = Client()
    opened = client.get(link, follow=True)
    assert "token" not in opened.redirect_chain[-1][0]
    form = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    chosen = client.post(opened.redirect_chain[-1][0], form, follow=True)
    assert chosen.redirect_chain[-1][0] == "/second-factor/"
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    again = Client().get(link, follow=True)
    assert "no longer works" in again.content.decode()


def test_a_link_ends_with_its_day_and_with_the_next_reset(
    settings: pytest.FixtureRequest,
) -> None:
    user = noor()
    old = links.sign_in_link(user, "http://testserver")
    links.reset(user)
    assert "no longer works" in Client().get(old, follow=True).content.decode()
    settings.PASSWORD_RESET_TIMEOUT = -1
    late = links.sign_in_link(user, "http://testserver")
    assert "no longer works" in Client().get(late, follow=True).content.decode()


def test_a_reset_ends_sessions_and_takes_second_factors() -> None:
    user = with_password(noor())
    client = signed_in(user)
    assert _is_home(client)
    links.reset(user)
    assert not _is_home(client)
    assert not Authenticator.objects.filter(user=user).exists()


def test_a_weak_password_is_refused() -> None:
    user = noor()
    client = Client()
    page = client.get(links.sign_in_link(user, "http://testserver"), follow=True)
    for weak in ("short", "password1234", "123456789012", user.email):
        answer = client.post(
            page.redirect_chain[-1][0], {"new_password1": weak, "new_password2": weak}
        )
        assert answer.status_code == 200
    user.refresh_from_db()
    assert not user.has_usable_password()


def test_removing_the_last_second_factor_closes_all_but_setting_one_up() -> None:
    client = signed_in(noor())
    assert _is_home(client)
    Authenticator.objects.all().delete()
    assert client.get(HOME)["Location"] == "/second-factor/"


def _row_of(client: Client) -> Session:
    from reknit.web.accounts.sessions import row_name

    return Session.objects.get(pk=row_name(client.cookies["reknit"].value))


def _errors(answer: object) -> list[str]:
    return answer.context["form"].non_field_errors()  # type: ignore[attr-defined, no-any-return]


class _Writes:
    """The SQL of a block that changes rows."""

    def __enter__(self) -> list[str]:
        self.seen: list[str] = []
        self._wrapper = connection.execute_wrapper(self._note)
        self._wrapper.__enter__()
        return self.seen

    def __exit__(self, *_: object) -> None:
        self._wrapper.__exit__(None, None, None)

    def _note(self, execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            self.seen.append(sql)
        return execute(sql, params, many, context)
