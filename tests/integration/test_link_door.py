"""The door for who comes in by a link: what opens, and what nobody can tell apart."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from http.cookies import SimpleCookie

import httpx
import pytest

from bot.domain.access import LIFETIMES, Link, Purpose
from bot.domain.contacts import OPERATOR_ID
from bot.domain.plan import Plan
from bot.services.contact_care import Changes, ContactCare
from bot.services.links import LinkSigner
from bot.services.notices import Notices
from bot.services.use_cases import make_use_cases
from bot.services.welcome import Operator
from bot.storage.database import Database
from bot.web.limits import PER_MINUTE, Limiter
from tests.clocks import SteppingClock
from tests.desk_pages import HOST, DeskWeb, make_desk, plain
from tests.person import Person, content, made_book
from tests.reviews import CONTACTS, add_contacts, handed_over

OVER = "Deze link werkt niet (meer)"
ASKED = "Als deze link van ons kwam, krijg je binnen een paar minuten een mail"


@pytest.fixture
def desk(database: Database, clock: SteppingClock) -> DeskWeb:
    return make_desk(database, clock)


@pytest.fixture
async def plan(desk: DeskWeb) -> Plan:
    await add_contacts(desk.database)
    return await handed_over(Person(desk.database, desk.services, desk.clock))


@pytest.fixture
async def link(desk: DeskWeb, plan: Plan) -> Link:
    return await desk.review_link(plan.id)


def without_word(page: str) -> str:
    """Give a page without the word that was tried, which is in the form."""
    return re.sub(r'(name="word" value=")[^"]*', r"\1", page)


def cookie_of(response: httpx.Response) -> dict[str, object]:
    (morsel,) = SimpleCookie(response.headers["set-cookie"]).values()
    return {"name": morsel.key, "value": morsel.value, **dict(morsel)}


async def revoke(desk: DeskWeb, link: Link) -> None:
    async with desk.database.write() as uow:
        await uow.links.revoke(plan_id=link.plan_id)


@pytest.mark.parametrize(("host", "is_secure"), [(HOST, True), ("http://127.0.0.1:8000", False)])
async def test_link_is_traded_for_a_ticket(
    desk: DeskWeb, link: Link, host: str, is_secure: bool
) -> None:
    async with desk.browser(host) as browser:
        response = await browser.client.get(desk.door(link))

    cookie = cookie_of(response)
    assert response.status_code == 303
    assert response.headers["location"] == f"/toegang/{link.id}"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["cache-control"] == "no-store"
    assert (cookie["path"], cookie["max-age"]) == (f"/toegang/{link.id}", "7200")
    assert (cookie["httponly"], cookie["samesite"]) == (True, "lax")
    assert bool(cookie["secure"]) is is_secure
    assert desk.signer.admits(str(cookie["value"]), link.id, desk.clock.now())


async def test_secret_word_is_on_no_page(desk: DeskWeb, link: Link) -> None:
    async with desk.visitor(link) as browser:
        page = await browser.open()

    assert desk.signer.word(link.id)[11:] not in page.text
    assert page.headers["referrer-policy"] == "same-origin"
    assert page.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "<script" not in page.text


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_scanner_of_mails_changes_nothing(desk: DeskWeb, link: Link, method: str) -> None:
    before = await desk.everything()

    async with desk.browser() as browser:
        opened = await browser.client.request(method, desk.door(link))
        seen = await browser.client.request(method, opened.headers["location"])
        for path in re.findall(r'href="(/toegang/[^"#]+)', seen.text):
            followed = await browser.client.request(method, path)
            assert followed.status_code == 200
        wrong = await browser.client.request(method, desk.door(link)[:-1] + "~")

    assert (opened.status_code, seen.status_code, wrong.status_code) == (303, 200, 404)
    assert await desk.everything() == before


async def test_wrong_links_cannot_be_told_apart(desk: DeskWeb, plan: Plan, link: Link) -> None:
    right = desk.signer.word(link.id)
    other = await desk.review_link(plan.id, "colleague")
    couple = await desk.link(Purpose.COUPLE, contact="manager")
    expired = await desk.link(Purpose.CONFIRM, contact="manager")
    words = {
        "unknown": desk.signer.word(secrets.token_urlsafe(8)),
        "altered": right[:-1] + ("A" if right[-1] != "A" else "B"),
        "another secret": LinkSigner("of somebody else").word(link.id),
        "mixed": link.id + desk.signer.word(other.id)[11:],
        "couple": desk.signer.word(couple.id),
    }
    async with desk.browser() as browser:
        pages = [await browser.client.get(f"/l/{word}") for word in words.values()]
        await revoke(desk, link)
        pages.append(await browser.client.get(f"/l/{right}"))
        desk.clock.step(days=31)
        pages.append(await browser.client.get(desk.door(expired)))

    assert {page.status_code for page in pages} == {404}
    assert len({without_word(page.text) for page in pages}) == 1
    assert OVER in pages[0].text
    assert all("set-cookie" not in page.headers for page in pages)


async def test_any_other_word_is_wrong_too(desk: DeskWeb) -> None:
    words = ("x", "%00", "é" * 54, "A" * 54, "A" * 5000, "%3Cscript%3E", "nieuw")

    async with desk.browser() as browser:
        pages = [await browser.client.get(f"/l/{word}") for word in words]

    assert [page.status_code for page in pages] == [404] * len(words)
    assert "<script" not in "".join(page.text for page in pages)


async def test_link_of_removed_contact_opens_nothing(desk: DeskWeb, link: Link) -> None:
    async with desk.visitor(link) as browser:
        async with desk.database.write() as uow:
            await uow.contacts.remove("manager")

        door, page = await browser.client.get(desk.door(link)), await browser.open()

    assert (door.status_code, page.status_code) == (404, 404)


async def test_revoked_link_closes_open_page(desk: DeskWeb, link: Link) -> None:
    async with desk.visitor(link) as browser:
        async with desk.database.write() as uow:
            care = ContactCare(desk.services.access, Notices())
            changes = Changes(email="ander@assen.example")
            await care.change(uow, "manager", changes, desk.clock.now())

        read = await browser.client.get(browser.home)
        sent = await browser.send("receive")
        door = await browser.client.get(desk.door(link))

    assert (read.status_code, sent.status_code, door.status_code) == (404, 404, 404)
    assert OVER in read.text
    assert without_word(read.text) == without_word(sent.text)


def with_operator(desk: DeskWeb, email: str) -> DeskWeb:
    """Give the app as it is after a start with another operator in the settings."""
    operator = Operator("STO Test", email)
    services = make_use_cases(desk.database, desk.clock, content(), operator, made_book())
    return DeskWeb(desk.database, desk.clock, services)


@pytest.mark.parametrize("purpose", [Purpose.REVIEW, Purpose.REGION])
@pytest.mark.parametrize(
    ("email", "status"), [("opvolger@example.org", 404), ("Beheer@Example.org", 200)]
)
async def test_former_operator_opens_nothing(
    desk: DeskWeb, plan: Plan, purpose: Purpose, email: str, status: int
) -> None:
    given = await desk.link(purpose, plan.id, OPERATOR_ID, desk.services.access.operator.email)
    now = with_operator(desk, email)
    before = await desk.everything()

    async with desk.visitor(given) as old, now.browser() as browser:
        browser.client.cookies = old.client.cookies
        door = await browser.client.get(now.door(given), follow_redirects=True)
        read = await browser.client.get(old.home)
        csv = await browser.client.get(f"{old.home}/plannen.csv?met_namen=ja")

    assert (door.status_code, read.status_code) == (status, status)
    assert csv.status_code == (200 if purpose is Purpose.REGION and status == 200 else 404)
    assert await desk.everything() == before


async def test_former_operator_does_nothing_on_an_open_page(desk: DeskWeb, plan: Plan) -> None:
    given = await desk.link(
        Purpose.REVIEW, plan.id, OPERATOR_ID, desk.services.access.operator.email
    )
    before = await desk.everything()

    async with desk.visitor(given) as old:
        fields = {**old.hidden("note"), "text": "nog een notitie"}
    async with with_operator(desk, "opvolger@example.org").browser() as browser:
        browser.client.cookies = old.client.cookies
        sent = await browser.client.post(old.home, data=fields)

    assert sent.status_code == 404
    assert await desk.everything() == before


async def test_link_that_is_passed_on_has_no_address_to_check(desk: DeskWeb, plan: Plan) -> None:
    passed_on = await desk.link(Purpose.MANAGEMENT, plan.id)
    mailed = await desk.link(Purpose.MANAGEMENT, plan.id, email="directie@school.example")

    async with desk.browser() as browser:
        pages = [
            await browser.client.get(desk.door(one), follow_redirects=True)
            for one in (passed_on, mailed)
        ]

    assert [page.status_code for page in pages] == [200, 200]


async def test_ticket_ends_after_two_hours(desk: DeskWeb, link: Link) -> None:
    async with desk.visitor(link) as browser:
        desk.clock.step(hours=1, minutes=59)
        in_time = await browser.client.get(browser.home)
        desk.clock.step(minutes=2)
        late = await browser.send("note", text="Mijn lange notitie")

    assert in_time.status_code == 200
    assert late.status_code == 404
    assert OVER in late.text
    assert "Mijn lange notitie" in late.text


async def test_altered_ticket_opens_nothing(desk: DeskWeb, link: Link) -> None:
    ticket = desk.signer.ticket(link.id, desk.clock.now())
    until, proof = ticket.split(".")
    altered = [
        "",
        "x" * 60,
        f"{until}.{proof[:-1]}{'B' if proof[-1] == 'A' else 'A'}",
        f"{int(until) + 9999}.{proof}",
        f"99999999999999.{'A' * 43}",
    ]

    async with desk.browser() as browser:
        pages = [
            await browser.client.get(f"/toegang/{link.id}", headers={"Cookie": f"toegang={one}"})
            for one in [ticket, *altered]
        ]

    assert [page.status_code for page in pages] == [200] + [404] * len(altered)
    assert all(OVER in page.text for page in pages[1:])


async def test_ticket_is_for_one_link_only(desk: DeskWeb, plan: Plan, link: Link) -> None:
    other = await desk.review_link(plan.id, "colleague")
    headers = {"Cookie": f"toegang={desk.signer.ticket(other.id, desk.clock.now())}"}

    async with desk.browser() as browser:
        page = await browser.client.get(f"/toegang/{link.id}", headers=headers)

    assert page.status_code == 404


async def test_coupling_link_has_no_page(desk: DeskWeb, plan: Plan) -> None:
    couple = await desk.link(Purpose.COUPLE, contact="manager")
    headers = {"Cookie": f"toegang={desk.signer.ticket(couple.id, desk.clock.now())}"}

    async with desk.browser() as browser:
        page = await browser.client.get(f"/toegang/{couple.id}", headers=headers)

    assert page.status_code == 404


async def test_links_open_side_by_side(desk: DeskWeb, plan: Plan, link: Link) -> None:
    confirm = await desk.link(Purpose.CONFIRM, contact="manager")

    async with desk.visitor(link) as browser:
        await browser.client.get(desk.door(confirm))

        pages = [await browser.client.get(f"/toegang/{one.id}") for one in (link, confirm)]

    assert [page.status_code for page in pages] == [200, 200]
    assert "Klopt dit nog?" in pages[1].text


async def test_form_from_elsewhere_changes_nothing(desk: DeskWeb, link: Link) -> None:
    elsewhere: list[dict[str, str]] = [
        {},
        {"Origin": "https://elders.example"},
        {"Origin": "null"},
        {"Origin": HOST, "Sec-Fetch-Site": "cross-site"},
    ]

    async with desk.visitor(link) as browser:
        before = await desk.everything()
        fields = browser.hidden("receive")
        del browser.client.headers["Origin"]
        pages = [
            await browser.client.post(browser.home, data=fields, headers=headers)
            for headers in elsewhere
        ]

    assert [page.status_code for page in pages] == [403] * 4
    assert await desk.everything() == before


async def test_form_without_proof_changes_nothing(desk: DeskWeb, link: Link) -> None:
    async with desk.visitor(link) as browser:
        before = await desk.everything()
        fields = {**browser.hidden("note"), "text": "mijn notitie"}
        del fields["proof"]
        pages = [
            await browser.client.post(browser.home, data={**fields, **proof})
            for proof in ({}, *({"proof": text} for text in ("", "x", "A" * 43, "é")))
        ]

    assert [page.status_code for page in pages] == [403] * 5
    assert all("mijn notitie" in page.text for page in pages)
    assert await desk.everything() == before


async def test_proof_of_another_link_is_refused(desk: DeskWeb, plan: Plan, link: Link) -> None:
    colleague = await desk.review_link(plan.id, "colleague")

    async with desk.visitor(colleague) as one:
        fields = one.hidden("receive")
    async with desk.visitor(link) as other:
        before = await desk.everything()
        refused = await other.client.post(other.home, data=fields)

    assert refused.status_code == 403
    assert await desk.everything() == before


async def test_proof_without_ticket_is_refused(desk: DeskWeb, link: Link) -> None:
    async with desk.visitor(link) as one:
        fields = one.hidden("receive")
    async with desk.browser() as other:
        refused = await other.client.post(f"/toegang/{link.id}", data=fields)

    assert refused.status_code == 404


@pytest.mark.parametrize("minutes", [1, 119, 121])
async def test_second_tab_leaves_the_first_one_working(
    desk: DeskWeb, link: Link, minutes: int
) -> None:
    async with desk.visitor(link) as browser:
        desk.clock.step(minutes=minutes)
        await browser.client.get(desk.door(link), follow_redirects=True)

        page = await browser.send("note", text="Uit de eerste tab")

    assert page.status_code == 200
    assert "Je notitie is bewaard." in plain(page.text)


async def test_whole_invitation_is_given_back_after_two_hours(desk: DeskWeb, link: Link) -> None:
    fields = {"moment1": "2026-12-01T15:30", "moment3": "3 dec 9:00", "place": "Lokaal 12"}

    async with desk.visitor(link) as browser:
        desk.clock.step(hours=2)
        late = await browser.send("invite", text="Tot dan", **fields)

    assert late.status_code == 404
    assert all(text in late.text for text in [*fields.values(), "Tot dan", "Moment 3:", "Waar:"])


async def test_remarks_are_given_back_to_who_comes_late_or_without_proof(
    desk: DeskWeb, plan: Plan
) -> None:
    given = await desk.link(Purpose.MANAGEMENT, plan.id)
    typed = {"remark-doelen": "Hoeveel leerlingen?", "remark-idee": "Mooi", "name": "M. Voorbeeld"}

    async with desk.visitor(given) as browser:
        forged = await browser.client.post(browser.home, data={**typed, "proof": "x"})
        desk.clock.step(hours=2)
        late = await browser.client.post(browser.home, data=typed)

    assert (forged.status_code, late.status_code) == (403, 404)
    for page in (forged, late):
        assert all(text in page.text for text in typed.values())
        assert "Opmerking bij doelen:" in page.text


async def test_strange_requests_are_refused(desk: DeskWeb, link: Link) -> None:
    async with desk.visitor(link) as browser:
        before = await desk.everything()
        bodies = ("text=" + "x" * 300_000, "a=b&" * 100, "\xff")
        posted = [await browser.client.post(browser.home, content=body) for body in bodies]
        other = [
            await browser.client.request(method, browser.home)
            for method in ("PUT", "DELETE", "PATCH")
        ]

    assert [page.status_code for page in posted] == [413, 400, 403]
    assert all("Dat lukt niet" in page.text for page in posted)
    assert [page.status_code for page in other] == [405] * 3
    assert await desk.everything() == before


async def ask_anew(desk: DeskWeb, word: str, **more: str) -> httpx.Response:
    async with desk.browser() as browser:
        return await browser.client.post("/l/nieuw", data={"word": word}, headers=more)


async def test_expired_link_brings_a_mail_to_its_address(desk: DeskWeb, link: Link) -> None:
    desk.clock.step(days=61)
    await desk.mails()

    async with desk.browser() as browser:
        over = await browser.client.get(desk.door(link))
        word = re.findall(r'name="word" value="([^"]+)"', over.text)[0]
        page = await browser.client.post("/l/nieuw", data={"word": word})

    mails = await desk.mails()
    assert page.status_code == 200
    assert ASKED in page.text
    assert mails == [("regio@assen.example", mails[0][1])]
    assert mails[0][1].startswith("Je nieuwe link: open plan STO-2026-0001")
    async with desk.database.read() as uow:
        fresh = (await uow.links.find(Purpose.REVIEW, link.plan_id, "manager", link.email))[0]
    assert fresh.id != link.id
    assert fresh.expires_at == desk.clock.now() + LIFETIMES[Purpose.REVIEW]
    async with desk.visitor(fresh) as browser:
        assert "Drones in de zorg" in browser.page


async def test_every_other_word_brings_nothing(desk: DeskWeb, plan: Plan, link: Link) -> None:
    forwarded = await desk.link(Purpose.MANAGEMENT, plan.id)
    couple = await desk.link(Purpose.COUPLE, contact="manager", email="regio@assen.example")
    gone = await desk.review_link(plan.id, "colleague")
    moved = await desk.review_link(plan.id, "support")
    revoked = await desk.link(Purpose.CONFIRM, contact="at_school")
    words = [desk.signer.word(one.id) for one in (link, forwarded, couple, gone, moved, revoked)]
    pages = [await ask_anew(desk, words[0])]
    async with desk.database.write() as uow:
        await uow.contacts.remove("colleague")
        await uow.links.revoke(contact_id="at_school")
        await uow.contacts.save(replace(CONTACTS["support"], email="nieuw@sto.example"))
    desk.clock.step(days=61)
    await desk.mails()

    pages += [await ask_anew(desk, word) for word in [*words[1:], "", "x", "A" * 54, words[0][:-1]]]

    assert await desk.mails() == []
    assert {page.status_code for page in pages} == {200}
    assert len({page.text for page in pages}) == 1


async def test_link_of_deleted_plan_brings_nothing(desk: DeskWeb, plan: Plan, link: Link) -> None:
    async with desk.database.write() as uow:
        await uow.people.delete(plan.person_id, keep_turn=0)
    desk.clock.step(days=61)
    await desk.mails()

    page = await ask_anew(desk, desk.signer.word(link.id))

    assert ASKED in page.text
    assert await desk.mails() == []


async def test_one_mail_in_ten_minutes(desk: DeskWeb, link: Link) -> None:
    desk.clock.step(days=61)
    await desk.mails()
    word = desk.signer.word(link.id)

    for _ in range(3):
        await ask_anew(desk, word)
    at_once = len(await desk.mails())
    desk.clock.step(minutes=10)
    await ask_anew(desk, word)

    assert at_once == 1
    assert len(await desk.mails()) == 1


async def test_wish_from_elsewhere_is_refused(desk: DeskWeb, link: Link) -> None:
    desk.clock.step(days=61)
    await desk.mails()

    refused = await ask_anew(desk, desk.signer.word(link.id), Origin="https://elders.example")

    assert refused.status_code == 403
    assert await desk.mails() == []


async def test_guessing_is_slowed_down(desk: DeskWeb, link: Link) -> None:
    async with desk.browser() as guesser, desk.browser(address="198.51.100.1") as other:
        tried = [
            (await guesser.client.get(f"/l/{secrets.token_urlsafe(41)[:54]}")).status_code
            for _ in range(PER_MINUTE + 5)
        ]
        slowed = await guesser.client.get("/l/x")
        asked = await guesser.client.post("/l/nieuw", data={"word": "x"})
        inside = await guesser.client.get(f"/toegang/{link.id}")
        own = await guesser.client.get(desk.door(link))
        elsewhere = await other.client.get("/l/x")
        desk.seconds += 3
        later = await guesser.client.get("/l/x")

    assert tried == [404] * PER_MINUTE + [429] * 5
    assert (slowed.status_code, asked.status_code, inside.status_code) == (429, 429, 429)
    assert slowed.headers["retry-after"] == "3"
    assert "Wacht even" in plain(slowed.text)
    assert own.status_code == 303
    assert elsewhere.status_code == 404
    assert later.status_code == 404


async def test_asking_anew_is_slowed_down(desk: DeskWeb) -> None:
    async with desk.browser() as browser:
        tried = [
            (await browser.client.post("/l/nieuw", data={"word": "x"})).status_code
            for _ in range(PER_MINUTE + 1)
        ]

    assert tried == [200] * PER_MINUTE + [429]


def test_limiter_forgets_who_was_longest_away() -> None:
    limiter = Limiter(lambda: 0.0, per_minute=2, most_addresses=3)
    for address in ("a", "a", "b", "c", "d"):
        limiter.wait(address)

    assert len(limiter) == 3
    assert [limiter.wait(address) for address in ("a", "b")] == [0, 0]


def test_limiter_counts_a_block_of_addresses_as_one() -> None:
    limiter = Limiter(lambda: 0.0, per_minute=2)
    waits = [limiter.wait(f"2001:db8:1:2::{number}") for number in range(1, 4)]

    assert waits == [0, 0, 30]
    assert limiter.wait("2001:db8:1:3::1") == 0
    assert [limiter.wait(f"::ffff:203.0.113.{number}") for number in range(4)] == [0] * 4


def test_limiter_gives_back_evenly_and_never_more() -> None:
    now = 0.0
    limiter = Limiter(lambda: now, per_minute=2)
    assert [limiter.wait("a") for _ in range(3)] == [0, 0, 30]

    now = 30.0
    assert [limiter.wait("a") for _ in range(2)] == [0, 30]
    now = 3600.0
    assert [limiter.wait("a") for _ in range(3)] == [0, 0, 30]


def test_limiter_remembers_nobody_longer_than_it_needs() -> None:
    now = 0.0
    limiter = Limiter(lambda: now, per_minute=2)
    for address in ("a", "a", "a", "b"):
        limiter.wait(address)

    now = 59.0
    waits = [limiter.wait("b")]
    early = len(limiter)
    now = 60.0
    waits += [limiter.wait("c"), limiter.wait("a"), limiter.wait("a"), limiter.wait("a")]

    assert early == 2
    assert waits == [0, 0, 0, 0, 30]
    now = 120.0
    limiter.wait("d")
    assert len(limiter) == 1
