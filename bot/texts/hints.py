"""The wording of hints: what a teacher could add before sending, and what a manager sees as open.

A plan can be sent with every hint still standing, so nothing here asks for more than a thought.

On co-funding: at least 10% of the budget of a whole region, over all years together, comes from it
(https://www.dus-i.nl/subsidies/sterk-techniekonderwijs-2025), in money, hours or things. It is
never asked of one plan, and the wording says so.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.hints import Found, Hint

CLOSING = "Je kunt je plan ook zo versturen."
#: More than this reads as a list of faults.
_AT_MOST = 3

#: The most useful first.
TEACHER = {
    Hint.GOAL_WITHOUT_MEASURE: (
        "Bij Doelen staat nog geen aantal of percentage. Waaraan zie je straks dat het gelukt is?"
    ),
    Hint.NO_PARTNER: "Bij Samenwerking staat nog geen partner. Wie zou je willen vragen?",
    Hint.COSTS_WITHOUT_PRICE_AND_NUMBER: (
        "Bij Middelen staat nog geen bedrag of aantal. Een schatting helpt de regio al."
    ),
    Hint.MILESTONE_WITHOUT_MOMENT: (
        "Bij Mijlpalen staat nog geen maand of periode. Een schatting is genoeg."
    ),
    Hint.NO_LINK_WITH_VISION: (
        "Bij Aansluiting op de regiovisie staat nog niet wat je plan en de regiovisie verbindt. "
        "De regio kan je vertellen wat haar visie is."
    ),
    Hint.GOAL_WITHOUT_MOMENT: (
        "Bij Doelen staat nog geen jaar of maand. Wanneer wil je het bereikt hebben?"
    ),
    Hint.ACTIVITY_WITHOUT_DATE: (
        "Bij Activiteiten staat nog geen maand of periode. Wanneer wil je beginnen?"
    ),
    Hint.NO_CO_FUNDING: (
        "Bij Middelen staat nog niet wat een bedrijf of je school inbrengt, zoals uren of spullen. "
        "Dat hoeft niet per plan: de 10% cofinanciering geldt voor de hele regio."
    ),
}
MANAGER = {
    Hint.GOAL_WITHOUT_MEASURE: "Doelen: nog geen aantal of percentage genoemd",
    Hint.GOAL_WITHOUT_MOMENT: "Doelen: nog geen moment genoemd",
    Hint.ACTIVITY_WITHOUT_DATE: "Activiteiten: nog geen moment genoemd",
    Hint.MILESTONE_WITHOUT_MOMENT: "Mijlpalen: nog geen moment genoemd",
    Hint.COSTS_WITHOUT_PRICE_AND_NUMBER: "Middelen: nog geen bedrag of aantal genoemd",
    Hint.NO_PARTNER: "Samenwerking: nog geen partner genoemd",
    Hint.NO_LINK_WITH_VISION: "Aansluiting op de regiovisie: nog niet beschreven",
    Hint.NO_CO_FUNDING: (
        "Middelen: nog geen cofinanciering genoemd (de 10% geldt voor de hele regio)"
    ),
}


def teacher_hints(found: Sequence[Found]) -> str:
    """Word at most three hints for the teacher, the most useful first; empty without hints."""
    given = {one.hint for one in found}
    lines = [f"• {text}" for hint, text in TEACHER.items() if hint in given]
    return "\n".join([*lines[:_AT_MOST], CLOSING]) if lines else ""


def manager_hints(found: Sequence[Found]) -> tuple[str, ...]:
    """Word every hint in short for the manager, in the order of the plan."""
    return tuple(MANAGER[one.hint] for one in found)
