"""The wording of what the school management thinks: said itself, or reported by the teacher."""

from __future__ import annotations

from bot.domain.plan_states import Action
from bot.domain.summary import ManagementWord, PlanSummary, SupportStatus, Via

_LABEL = "Schoolleiding"
_LABEL_TEACHER = "Volgens de docent"
_REPORTED = {
    SupportStatus.SUPPORTS: "Steunt het idee",
    SupportStatus.DISCUSSED: "Besproken, nog geen besluit",
    SupportStatus.DECLINES: "Steunt het idee niet",
    SupportStatus.NOT_YET: "Nog niet besproken",
}
_NOT_REPORTED = "Niet bekend: de docent heeft hierover niets gemeld"
#: What the management said itself.
_WORDS = {
    Action.ENDORSE: "Steunt het idee: {who}, {how}",
    Action.RETURN: "Gaf het idee terug met opmerkingen: {who}, {how}",
    Action.DECLINE: "Steunt het idee niet: {who}, {how}",
}
#: Only the mailed link went to a known address: what came otherwise is not called confirmed.
_HOW = {
    Via.MAIL: "bevestigd op {date} via de link in de e-mail",
    Via.LINK: "gemeld via een doorgestuurde link op {date}; wie die link opende, is niet nagegaan",
    Via.TELEGRAM: "gemeld via Telegram op {date}; wie daar antwoordde, is niet nagegaan",
}
_OVERTAKEN = "; daarna is het idee veranderd"
#: Where the teacher's report says the same, it needs no line of its own.
_SAME = {
    Action.ENDORSE: SupportStatus.SUPPORTS,
    Action.RETURN: SupportStatus.DISCUSSED,
    Action.DECLINE: SupportStatus.DECLINES,
}


def support_lines(summary: PlanSummary, said_on: str) -> tuple[tuple[str, str], ...]:
    """Give label and value of each line about support.

    What the management said itself (on `said_on`, in Dutch words) goes before what the teacher
    reports; that is left out where it says the same, nothing, or what is overtaken by it.
    """
    word, status = summary.management, summary.support
    if word is None:
        return ((_LABEL, support_text(status, summary.support_by)),)
    said = (_LABEL, management_text(word, said_on))
    if status in (SupportStatus.UNKNOWN, SupportStatus.NOT_YET, _SAME[word.verdict]):
        return (said,)
    return (said, (_LABEL_TEACHER, _with(summary.support_by, _REPORTED[status])))


def support_text(status: SupportStatus, by: str | None) -> str:
    """Word the support that the teacher reports, and from whom."""
    if status is SupportStatus.UNKNOWN:
        return _with(by, _NOT_REPORTED)
    return _with(by, f"{_REPORTED[status]}, gemeld door de docent")


def management_text(word: ManagementWord, said_on: str) -> str:
    """Say who of the school management said what, when, and how that is known."""
    who = f"{word.name}, {word.function}"
    said = _WORDS[word.verdict].format(who=who, how=_HOW[word.via].format(date=said_on))
    return said + _OVERTAKEN if word.is_overtaken else said


def _with(by: str | None, said: str) -> str:
    return f"{said} ({by})" if by else said
