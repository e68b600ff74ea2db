"""The figures that are demanded of understanding, counted from scored lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.understanding.scoring import Result, Scored, Share


@dataclass(frozen=True)
class Demand:
    """One figure: what it says, and the share that it must reach or may not pass, if any."""

    what: str
    at_least: float | None = None
    at_most: float | None = None

    def is_met(self, share: Share) -> bool:
        """Tell if a share satisfies it; nothing counted satisfies everything."""
        if not share.of:
            return True
        enough = self.at_least is None or share.value >= self.at_least
        return enough and (self.at_most is None or share.value <= self.at_most)


DEMANDS: Mapping[str, Demand] = {
    "right": Demand("FAQ: right answer at once", at_least=0.85),
    "helped": Demand("FAQ: right answer at once or among three choices", at_least=0.95),
    "wrong": Demand("FAQ: wrong answer given as if sure", at_most=0.04),
    "answered": Demand("out of scope answered as if known", at_most=0.05),
    "acted": Demand("out of scope answered, or taken for a command"),
    "swallowed": Demand("plan answers not stored as the answer", at_most=0.01),
    "recognised": Demand("questions and commands amid a plan recognised", at_least=0.92),
    "questions": Demand("- the questions among them"),
    "commands": Demand("- the commands among them"),
    "navigation": Demand("navigation outside a plan", at_least=0.95),
    "english": Demand("English questions: right answer at once", at_least=0.80),
    "english_wrong": Demand("English questions: wrong answer given as if sure"),
    "school_first": Demand("school to region: first hit right", at_least=0.92),
    "school_three": Demand("school to region: among three", at_least=0.97),
    "school_named": Demand("school to region: a region named where there is none", at_most=0.05),
}


def figures_of(scored: Sequence[Scored]) -> dict[str, Share]:
    """Count every figure but those of schools."""
    faq = [one for one in scored if one.line.kind == "faq" and not one.line.during]
    english = [one for one in scored if one.line.kind == "english" and not one.line.during]
    beside = [one for one in scored if one.line.kind == "out_of_scope"]
    answers = [one for one in scored if one.line.kind == "plan_answer"]
    within = [one for one in scored if is_interruption(one)]
    outside = [one for one in scored if one.line.kind == "navigation" and not one.line.during]
    return {
        "right": _share(faq, _is(Result.RIGHT)),
        "helped": _share(faq, _is(Result.RIGHT, Result.OFFERED)),
        "wrong": _share(faq, _is(Result.WRONG)),
        "answered": _share(beside, lambda one: one.understood.outcome == "answer"),
        "acted": _share(beside, _is(Result.WRONG)),
        "swallowed": _share(answers, _is(Result.WRONG)),
        "recognised": _share(within, _is(Result.RIGHT, Result.OFFERED)),
        "questions": _share(
            (one for one in within if one.line.expected), _is(Result.RIGHT, Result.OFFERED)
        ),
        "commands": _share((one for one in within if one.line.command), _is(Result.RIGHT)),
        "navigation": _share(outside, _is(Result.RIGHT)),
        "english": _share(english, _is(Result.RIGHT)),
        "english_wrong": _share(english, _is(Result.WRONG)),
    }


def is_interruption(one: Scored) -> bool:
    """Tell if a line is a question or a command in the middle of a plan."""
    return one.line.kind != "plan_answer" and one.line.during is not None


def _is(*results: Result) -> Callable[[Scored], bool]:
    return lambda one: one.result in results


def _share(scored: Iterable[Scored], holds: Callable[[Scored], bool]) -> Share:
    all_ = list(scored)
    return Share(sum(map(holds, all_)), len(all_))
