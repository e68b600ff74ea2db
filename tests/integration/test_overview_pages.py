"""The overview over HTTP: what its page shows, its files, and the plans behind it."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import fields

import httpx
import openpyxl
import pytest

from bot.domain.access import Purpose
from bot.domain.contacts import OPERATOR_ID
from bot.domain.plan import PlanStatus
from bot.domain.plan_states import Action
from bot.domain.roles import Role
from bot.domain.summary import PlanSummary
from bot.storage.database import Database
from tests.clocks import SteppingClock
from tests.desk_pages import Browser, DeskWeb, make_desk, plain
from tests.reviews import add_contacts
from tests.sent_plans import Sent, store
from tests.summaries import make_word

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def desk(database: Database, clock: SteppingClock) -> DeskWeb:
    return make_desk(database, clock)


async def keep(desk: DeskWeb, *plans: Sent) -> None:
    await add_contacts(desk.database)
    async with desk.database.write() as uow:
        await store(uow, desk.clock.now(), *plans)


async def opened(desk: DeskWeb, path: str = "", contact: str = "manager") -> Browser:
    """Open a page of the overview and close the browser; the page stays to be read."""
    async with desk.visitor(await desk.link(Purpose.REGION, contact=contact)) as browser:
        if path:
            await browser.open(path)
        return browser


async def response_to(desk: DeskWeb, path: str, contact: str = "manager") -> httpx.Response:
    async with desk.visitor(await desk.link(Purpose.REGION, contact=contact)) as browser:
        return await browser.open(path)


def listed(page: str) -> list[str]:
    """Give the numbers of the plans in the table."""
    return re.findall(r"<small>(STO-[\d-]+)</small>", page)


def read_csv(response: httpx.Response) -> list[list[str]]:
    text = io.StringIO(response.content.decode("utf-8-sig"), newline="")
    return list(csv.reader(text, delimiter=";"))


async def test_page_shows_plans_of_the_region_only(desk: DeskWeb) -> None:
    await keep(desk, Sent(1), Sent(2, region="emmen", title="Geheim in Emmen", school="Emmen"))

    browser = await opened(desk)

    assert listed(browser.page) == ["STO-2026-0001"]
    assert "Plannen in regio Assen" in browser.said
    assert "Geheim in Emmen" not in browser.page
    assert "Emmen" not in browser.page


async def test_page_of_an_empty_region_says_so(desk: DeskWeb) -> None:
    await keep(desk)

    said = (await opened(desk)).said

    assert "Er wacht nu niets op jou." in said
    assert "0 plannen" in said
    assert "nog geen plannen, en dus geen cijfers" in said


async def test_every_cell_has_a_label(desk: DeskWeb) -> None:
    await keep(desk, Sent(1))

    page = (await opened(desk)).page

    heads = re.findall(r'<th role="columnheader" scope="col">([^<]+)</th>', page)
    labels = re.findall(r'<span class="cell-label" aria-hidden="true">([^<]+)</span>', page)
    assert labels[:7] == heads[1:8]
    assert len(labels) == page.count('role="cell"')


async def test_what_waits_is_said_with_its_ask(desk: DeskWeb) -> None:
    await keep(desk, Sent(1, waited=9), Sent(2, status=PlanStatus.INVITED, waited=1))

    said = (await opened(desk)).said

    assert "Wacht op mij (2)" in said
    assert "verstuurd · wacht 5 schooldagen Laat weten dat je het plan hebt ontvangen." in said
    assert "wacht nog geen schooldag De docent kiest een moment" in said


async def test_filter_and_search_come_from_the_address(desk: DeskWeb) -> None:
    await keep(
        desk,
        Sent(1),
        Sent(2, status=PlanStatus.ASKED, title="100% techniek"),
        Sent(3, school="Ander & Co", holder="colleague"),
    )
    wanted = {
        "?stand=asked": ["STO-2026-0002"],
        "?school=Ander+%26+Co": ["STO-2026-0003"],
        "?wacht=docent": ["STO-2026-0002"],
        "?wacht=mij": ["STO-2026-0001"],
        "?zoek=100%25": ["STO-2026-0002"],
        "?zoek=nummer+9": [],
        "?volgorde=stand": ["STO-2026-0003", "STO-2026-0001", "STO-2026-0002"],
    }

    found = {path: listed((await opened(desk, path)).page) for path in wanted}

    assert found == wanted


async def test_nonsense_in_the_address_is_left_out(desk: DeskWeb) -> None:
    await keep(desk, Sent(1))
    paths = (
        "?stand=draft",
        "?stand=geheim&wacht=niemand&volgorde=;DROP",
        "?pagina=-1",
        "?pagina=99999999999999999999",
        "?pagina=%D9%A3",
        "?zoek=%00&school=%00",
        "?stand=&school=&wacht=&zoek=&volgorde=",
    )

    found = {path: tuple(listed((await response_to(desk, path)).text)) for path in paths}

    assert set(found.values()) == {("STO-2026-0001",)}


async def test_other_pages_keep_the_filter(desk: DeskWeb) -> None:
    await keep(desk, *(Sent(number, days=number) for number in range(1, 53)))

    first = (await opened(desk, "?zoek=drones&volgorde=oudste")).page

    following = re.findall(r'rel="next" href="/toegang/[^?]+(\?[^"#]+)', first)
    assert following == ["?zoek=drones&amp;volgorde=oudste&amp;pagina=2"]
    second = (await opened(desk, following[0].replace("&amp;", "&"))).page
    assert listed(second) == ["STO-2026-0002", "STO-2026-0001"]


async def test_typed_text_is_shown_literally(desk: DeskWeb) -> None:
    await keep(desk, Sent(1, title=EVIL, school=f'"{EVIL}'), Sent(2, school="x"))

    page = (await opened(desk, f"?zoek={EVIL}")).page

    assert listed(page) == ["STO-2026-0001"]
    assert EVIL not in page
    assert EVIL in plain(page)


async def test_decision_that_has_not_left_is_told(desk: DeskWeb) -> None:
    await keep(desk, Sent(1, status=PlanStatus.APPROVED))

    by_manager = (await opened(desk)).said
    at_school = (await opened(desk, contact="at_school")).said

    assert "goedgekeurd (nog niet verstuurd)" in by_manager
    assert "goedgekeurd (nog niet" not in at_school


async def test_plan_opens_below_the_overview(desk: DeskWeb) -> None:
    await keep(desk, Sent(1))
    async with desk.visitor(await desk.link(Purpose.REGION, contact="manager")) as browser:
        (path,) = re.findall(r'<th role="rowheader" scope="row">\s*<a href="([^"]+)"', browser.page)

        response = await browser.client.get(path)

        assert response.status_code == 200
        assert "Drones in de zorg" in plain(response.text)
        assert f'href="{browser.home}"' in response.text
        browser.home, browser.page = path, response.text
        done = await browser.send("receive")

    assert done.status_code == 200
    async with desk.database.read() as uow:
        found = await uow.reviews.by_reference("STO-2026-0001")
    assert found
    assert found[0].status is PlanStatus.RECEIVED


async def test_plan_of_another_region_does_not_exist(desk: DeskWeb) -> None:
    await keep(desk, Sent(1), Sent(2, region="emmen", holder="other_region"))
    there, other, none = "STO-2026-0001", "STO-2026-0002", "STO-2026-9999"
    async with desk.visitor(await desk.link(Purpose.REGION, contact="manager")) as browser:
        await browser.open(f"/plannen/{there}")
        form = browser.hidden("receive")

        found = [
            await browser.client.get(f"{browser.home}/plannen/{path}")
            for path in (other, none, f"{other}/plan.pdf", f"{none}/plan.pdf", "%00")
        ]
        acted = await browser.client.post(f"{browser.home}/plannen/{other}", data=form)

    assert [one.status_code for one in (*found, acted)] == [404] * 6
    assert found[0].text == found[1].text == acted.text


async def test_file_of_a_plan_comes_along(desk: DeskWeb) -> None:
    await keep(desk, Sent(1))

    response = await response_to(desk, "/plannen/STO-2026-0001/plan.pdf")

    assert response.headers["content-type"] == "application/pdf"


async def test_csv_holds_what_the_filter_leaves(desk: DeskWeb) -> None:
    note = (1, Role.PROGRAMME_MANAGER, Action.NOTE, "manager")
    await keep(
        desk,
        Sent(1, title="=1+1", events=(note,)),
        Sent(2, school=" \uff1d2"),
        Sent(3, status=PlanStatus.ASKED),
        Sent(4, region="emmen"),
    )

    response = await response_to(desk, "/plannen.csv?wacht=regio&volgorde=oudste")
    head, *rows = read_csv(response)

    assert response.content.startswith(b"\xef\xbb\xbf")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert "plannen" in response.headers["content-disposition"].lower()
    assert response.headers["cache-control"] == "no-store"
    assert sorted(row[0] for row in rows) == ["STO-2026-0001", "STO-2026-0002"]
    by_number = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert by_number["STO-2026-0001"]["titel"] == "'=1+1"
    assert by_number["STO-2026-0002"]["school"] == "' \uff1d2"
    assert by_number["STO-2026-0001"]["gevraagd bedrag (euro)"] == "3600"
    assert "geheim" not in response.text
    assert "s.voorbeeld@school.example" not in response.text


#: What a plan holds about people; the first two may be asked for, the others stand in no file.
PERSONAL = {
    "teacher_name": "Kanarie Naam",
    "teacher_email": "kanarie@school.example",
    "support_by": "Kanarie Steun",
    "management": make_word(name="Kanarie Leiding", function="Kanarie Functie"),
}
ASKED_FOR = ["Kanarie Naam", "kanarie@school.example"]


@pytest.mark.parametrize("file", ["plannen.csv", "plannen.xlsx"])
@pytest.mark.parametrize("query", ["", "?met_namen=nee", "?met_namen=", "?met_namen=1"])
async def test_names_come_only_when_asked_for(desk: DeskWeb, file: str, query: str) -> None:
    await keep(desk, Sent(1, more=PERSONAL))

    without = cells(await response_to(desk, f"/{file}{query}"))
    with_names = cells(await response_to(desk, f"/{file}?met_namen=ja"))

    assert set(PERSONAL) == personal_fields()
    assert [cell for cell in without if "kanarie" in cell.casefold()] == []
    assert [cell for cell in with_names if "kanarie" in cell.casefold()] == ASKED_FOR
    assert with_names[-2:] == ASKED_FOR


def personal_fields() -> set[str]:
    """Give the fields of a summary that are about somebody, so that a new one is noticed here."""
    of_the_plan = {
        "reference", "title", "school", "region", "region_id", "region_page", "route", "support",
        "idea", "answers", "recipient_role", "recipient_gap", "created_on", "submitted_on",
    }  # fmt: skip
    return {one.name for one in fields(PlanSummary)} - of_the_plan


def cells(response: httpx.Response) -> list[str]:
    """Give every cell of a file, of either kind."""
    assert response.status_code == 200
    if response.headers["content-type"].startswith("text/csv"):
        return [cell for row in read_csv(response) for cell in row]
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    rows = [row for sheet in book for row in sheet.iter_rows(values_only=True)]
    return [str(cell or "") for row in rows for cell in row]


async def test_workbook_holds_the_same(desk: DeskWeb) -> None:
    await keep(desk, Sent(1, title="=1+1"), Sent(2, region="emmen"))

    response = await response_to(desk, "/plannen.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content))["Plannen"]

    assert [cell.value for cell in sheet["A"]] == ["nummer", "STO-2026-0001"]
    assert (sheet["B2"].value, sheet["B2"].data_type) == ("=1+1", "s")
    assert sheet["G2"].value == 3600


@pytest.mark.parametrize("path", ["", "/plannen.csv", "/plannen.xlsx", "/plannen/STO-2026-0001"])
async def test_other_links_and_browsers_do_not_come_in(desk: DeskWeb, path: str) -> None:
    await keep(desk, Sent(1))
    region = await desk.link(Purpose.REGION, contact="manager")
    async with desk.database.read() as uow:
        found = await uow.reviews.by_reference("STO-2026-0001")
    assert found
    review = await desk.review_link(found[0].id)

    async with desk.browser() as nobody:
        without = await nobody.client.get(f"/toegang/{region.id}{path}")
    async with desk.visitor(review) as reviewer:
        stolen = await reviewer.client.get(f"/toegang/{region.id}{path}")
        narrow = await reviewer.open(path or "/plannen.csv")

    assert [without.status_code, stolen.status_code, narrow.status_code] == [404, 404, 404]


async def test_overview_of_a_contact_who_is_gone_is_closed(desk: DeskWeb) -> None:
    await keep(desk, Sent(1))
    async with desk.visitor(await desk.link(Purpose.REGION, contact="manager")) as browser:
        async with desk.database.write() as uow:
            await uow.contacts.remove("manager")

        response = await browser.open("/plannen.csv")

    assert response.status_code == 404


async def test_review_page_mails_the_overview_once(desk: DeskWeb) -> None:
    await keep(desk, Sent(1))
    async with desk.database.read() as uow:
        found = await uow.reviews.by_reference("STO-2026-0001")
    assert found
    async with desk.visitor(await desk.review_link(found[0].id)) as browser:
        review_page = browser.page
        for _ in range(2):
            browser.page = review_page
            response = await browser.send("overview", "/overzicht")

    assert "onderweg naar je eigen e-mailadres" in plain(response.text)
    assert await desk.mails() == [
        ("regio@assen.example", "Open je overzicht: plannen in regio Assen")
    ]


async def test_only_a_manager_is_offered_the_region(desk: DeskWeb) -> None:
    await keep(desk, Sent(1))
    async with desk.database.read() as uow:
        found = await uow.reviews.by_reference("STO-2026-0001")
    assert found

    async with desk.visitor(await desk.review_link(found[0].id, "at_school")) as browser:
        assert not browser.has_form("overview")


async def test_forged_wish_for_the_overview_mails_nothing(desk: DeskWeb) -> None:
    await keep(desk, Sent(1))
    async with desk.visitor(await desk.link(Purpose.REGION, contact="manager")) as browser:
        forged = await browser.client.post(f"{browser.home}/overzicht", data={"proof": "x"})
        looked_at = await browser.open("/overzicht")

    assert (forged.status_code, looked_at.status_code) == (403, 405)
    assert await desk.mails() == []


async def test_looking_changes_nothing(desk: DeskWeb) -> None:
    await keep(desk, Sent(1), Sent(2))
    link = await desk.link(Purpose.REGION, contact="manager")
    before = await desk.everything()

    async with desk.visitor(link) as browser:
        for path in ("?zoek=drones", "/plannen.csv", "/plannen.xlsx", "/plannen/STO-2026-0001"):
            await browser.open(path)
            await browser.client.head(browser.home + path)

    assert await desk.everything() == before


async def test_operator_sees_which_region(desk: DeskWeb) -> None:
    await keep(desk, Sent(1), Sent(2, region="emmen"))
    link = await desk.link(Purpose.REGION, contact=OPERATOR_ID, email="beheer@example.org")

    async with desk.visitor(link) as browser:
        assert "Alle plannen" in browser.said
        assert len(listed(browser.page)) == 2
        assert "<small>Assen</small>" in browser.page
