"""Answers questions about STO from `content/faq/`, and notes what it could not answer."""

from __future__ import annotations

from bot.domain.directory import Region
from bot.domain.escalation import picked
from bot.domain.faq import FaqEntry, FollowUp
from bot.domain.turn import Choice, OpenKind, Reply
from bot.services.asking import Asker, joined
from bot.services.directory import RegionFinder
from bot.services.directory_search import DirectorySearch
from bot.services.doubt import was_answer
from bot.services.faq_content import FaqContent
from bot.services.turns import Work
from bot.texts import faq as words

#: Among more than this nobody finds what was meant.
SUGGESTED_AT_MOST = 3
_HELPERS = (
    Choice(words.FIND_REGION, "find_region"),
    Choice(words.HUMAN, "human"),
)


class Faq:
    """The use cases around questions."""

    def __init__(
        self, content: FaqContent, directory: DirectorySearch, asker: Asker, finder: RegionFinder
    ) -> None:
        """Answer from `content`; name regions from `directory`."""
        self._content = content
        self._directory = directory
        self._asker = asker
        self._finder = finder

    async def answer(self, work: Work) -> list[Reply]:
        """Answer the question that was recognised or picked, and go back to what was open."""
        asked = work.turn.value or next(iter(work.turn.suggestions), "")
        entry = self._content.entries.get(asked)
        return await self._answered(work, entry) if entry else await self.unknown(work)

    async def suggest(self, work: Work) -> list[Reply]:
        """Offer the questions that may have been meant."""
        return await self.offer(work, work.turn.suggestions, work.turn.id)

    async def offer(
        self, work: Work, ids: tuple[str, ...], turn_id: int, *, first: str = ""
    ) -> list[Reply]:
        """Offer entries for what was asked in a turn; with none of them it is not known.

        The words `first` stand before it.
        """
        entries = [self._content.entries[id_] for id_ in ids if id_ in self._content.entries]
        if not entries:
            return await self._not_known(work, turn_id, first=first)
        choices = [*map(_choice, entries[:SUGGESTED_AT_MOST])]
        choices.append(Choice(words.NONE_OF_THESE, "none_of_these", str(turn_id)))
        choices += await was_answer(work)
        if work.conversation.open_kind in (OpenKind.PLAN, OpenKind.CONFIRM):
            said = joined(first, words.DO_YOU_MEAN)
            return await self._asker.again(work, first=said, before=tuple(choices))
        return [Reply(joined(first, words.DO_YOU_MEAN), tuple(choices))]

    async def none_of_these(self, work: Work) -> list[Reply]:
        """Note the question that none of the offered entries answers."""
        return await self._not_known(work, int(work.turn.value or work.turn.id))

    async def thumb(self, work: Work) -> list[Reply]:
        """Note whether an answer helped."""
        way, entry, turn_id = (work.turn.value or "||").split("|")
        if entry in self._content.entries and turn_id.isdigit():
            await work.uow.votes.give(int(turn_id), entry, is_up=way == "up", now=work.now)
        said = words.THANKS_UP if way == "up" else words.THANKS_DOWN
        return await self._asker.again(work, first=said)

    async def ask(self, work: Work) -> list[Reply]:
        """Invite a question; the next message is read as one, then the plan goes on."""
        work.open(OpenKind.QUESTION)
        return [Reply(words.ASK_PROMPT)]

    async def unknown(self, work: Work) -> list[Reply]:
        """Say that this is not known, and who may know; the second time in a row offer ways out.

        A question is noted for the beheerder, without who asked. Other text is not: it may be
        about the person.
        """
        if work.missed_again():
            await self._note(work, work.turn.id)
            return await self._asker.again(
                work, first=words.AGAIN_UNKNOWN, before=(*_HELPERS, *await was_answer(work))
            )
        if _asks(work):
            return await self._not_known(work, work.turn.id)
        at_the_end = work.turn.open.kind is OpenKind.CONFIRM
        said = words.NOT_SENT_YET if at_the_end else words.UNKNOWN
        return await self._asker.again(work, first=said, before=await was_answer(work))

    async def _answered(self, work: Work, entry: FaqEntry) -> list[Reply]:
        region = await self._region(work)
        regional = self._content.regional.get(region.id, {}).get(entry.id) if region else None
        text = words.entry_text(entry, regional, region)
        if entry.then is FollowUp.FIND_REGION:
            return await self._finder.find(work, first=text)
        thumbs = tuple(
            Choice(label, "faq_thumb", f"{way}|{entry.id}|{work.turn.id}")
            for label, way in ((words.UP, "up"), (words.DOWN, "down"))
        )
        if work.conversation.open_kind in (OpenKind.PLAN, OpenKind.CONFIRM):
            return await self._asker.again(
                work, first=text, after=(*await was_answer(work), *thumbs)
            )
        related = tuple(_choice(self._content.entries[id_]) for id_ in entry.related)
        again = await self._asker.again(work)
        return [Reply(text, (*related, *thumbs, *again[0].choices))]

    async def _not_known(self, work: Work, turn_id: int, *, first: str = "") -> list[Reply]:
        await self._note(work, turn_id)
        not_known = f"{words.NOT_KNOWN} {words.who_knows(await self._region(work))}"
        said = joined(first, not_known)
        return await self._asker.again(
            work, first=said, before=(*_HELPERS, *await was_answer(work))
        )

    async def _note(self, work: Work, turn_id: int) -> None:
        row = await work.uow.inbox.get(turn_id)
        own = row.conversation_id == work.turn.conversation_id
        if own and row.text and (turn_id != work.turn.id or _asks(work)):
            await work.uow.gaps.add("question", row.text, work.now)

    async def _region(self, work: Work) -> Region | None:
        in_hand = await work.plan_in_hand()
        plans = [in_hand] if in_hand else await work.uow.plans.of(work.turn.person_id)
        regions = (self._directory.region_of(picked(plan.answers)) for plan in plans)
        return next(filter(None, regions), None)


def _choice(entry: FaqEntry) -> Choice:
    return Choice(entry.short, "faq", entry.id)


def _asks(work: Work) -> bool:
    turn = work.turn
    return not turn.pressed and (
        turn.open.kind is OpenKind.QUESTION or turn.text.rstrip().endswith("?")
    )
