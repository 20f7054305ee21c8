"""Noor's key: a passkey made and used in a real browser, whose authenticator is Chromium's own."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import CDPSession, expect

from reknit.vocabulary import Role
from tests.staff import noor, staff
from tests.stories.desk import Desk, Site
from tests.web.signing_in import PASSWORD

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "keys"], transaction=True),
]
PASSKEY = Authenticator.Type.WEBAUTHN


class Key:
    """A security key in the machine's port, which its owner unlocks and touches."""

    def __init__(self, desk: Desk) -> None:
        self.session: CDPSession = desk.context.new_cdp_session(desk.page)
        self.session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
            "hasUserVerification": True, "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }  # fmt: skip
        made = self.session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.id: str = made["authenticatorId"]

    def passkeys(self) -> list[dict[str, Any]]:
        """What it keeps."""
        said = self.session.send("WebAuthn.getCredentials", {"authenticatorId": self.id})
        kept: list[dict[str, Any]] = said["credentials"]
        return kept

    def put(self, passkey: dict[str, Any]) -> None:
        """Keep this one, too."""
        self.session.send(
            "WebAuthn.addCredential", {"authenticatorId": self.id, "credential": passkey}
        )

    def forget(self) -> None:
        """Be as new."""
        self.session.send("WebAuthn.clearCredentials", {"authenticatorId": self.id})

    def nobody_unlocks_it(self) -> None:
        """Whoever holds it does not know its PIN."""
        self.session.send(
            "WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": False}
        )


def make_a_passkey(desk: Desk, key: Key) -> dict[str, Any]:
    """At the desk of somebody who is signed in; what the key keeps since."""
    before = key.passkeys()
    desk.open("/account/passkeys/add/")
    if "passkeys/add" not in desk.page.url:  # it asks who it is first
        desk.page.fill("input[name=password]", PASSWORD)
        desk.follow("main form button[type=submit]")
    desk.page.fill("#id_name", "Noor's key")
    desk.page.check("#id_passwordless")
    with desk.page.expect_navigation():
        desk.page.click("#mfa_webauthn_add")
    (made,) = [one for one in key.passkeys() if one not in before]
    return made


def sign_out(desk: Desk) -> None:
    desk.context.clear_cookies()


def test_noor_makes_a_passkey_and_signs_in_with_nothing_else(site: Site) -> None:
    desk = site.desk(noor())
    desk.sign_in()
    key = Key(desk)
    passkey = make_a_passkey(desk, key)
    assert passkey["isResidentCredential"]
    assert Authenticator.objects.filter(user=noor(), type=PASSKEY).count() == 1

    sign_out(desk)
    desk.open("/queue/")
    expect(desk.page.locator("#passkey_login")).to_be_visible()
    with desk.page.expect_navigation():
        desk.page.click("#passkey_login")
    desk.page.wait_for_selector("header.top")
    desk.open("/queue/")
    expect(desk.page.locator("header.top")).to_be_visible()
    assert desk.complaints == []


def test_another_key_signs_nobody_in(site: Site) -> None:
    """The key of a passkey that was never registered here, and Noor's passkey signed by a key that
    is not hers."""
    desk = site.desk(noor())
    desk.sign_in()
    key = Key(desk)
    passkey = make_a_passkey(desk, key)
    other_desk = site.desk(staff(Role.SUPERVISOR))
    other_desk.sign_in()
    others = make_a_passkey(other_desk, other_key := Key(other_desk))
    Authenticator.objects.filter(user=staff(Role.SUPERVISOR), type=PASSKEY).delete()

    sign_out(other_desk)
    refused(other_desk)
    other_key.forget()
    other_key.put({**passkey, "privateKey": others["privateKey"]})
    refused(other_desk)


def test_a_key_that_nobody_unlocked_signs_nobody_in(site: Site) -> None:
    """Possession alone is not enough: the browser is told to require its PIN or finger."""
    desk = site.desk(noor())
    desk.sign_in()
    key = Key(desk)
    make_a_passkey(desk, key)
    sign_out(desk)
    key.nobody_unlocks_it()
    desk.open("/sign-in/")
    expect(desk.page.locator("[data-passkey-refused]")).to_be_hidden()
    desk.page.click("#passkey_login")
    expect(desk.page.locator("[data-passkey-refused]")).to_contain_text("did not use a passkey")
    desk.open("/queue/")
    expect(desk.page.locator("#passkey_login")).to_be_visible()


def refused(desk: Desk) -> None:
    """What the key says is not believed: the pages stay closed."""
    desk.open("/sign-in/")
    with desk.page.expect_response(lambda said: "/sign-in/passkey/" in said.url
                                   and said.request.method == "POST"):  # fmt: skip
        desk.page.click("#passkey_login")
    desk.open("/queue/")
    expect(desk.page.locator("#passkey_login")).to_be_visible()
