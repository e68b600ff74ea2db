"""How a text that was understood is held against what it should have come to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.understanding.confusions import Confusion, confusions
from benchmarks.understanding.figures import DEMANDS, figures_of
from benchmarks.understanding.lines import Line, read_set
from benchmarks.understanding.schools import school_figures
from benchmarks.understanding.scoring import Result, Scored, Share, result_of
from bot.chat.understanding import Understood
from bot.domain.directory import Region
from bot.services.directory_search import DirectorySearch

MEANT = ("looptijd", "sto-na-2028")


def asked(kind: str = "faq", **given: Any) -> Line:
    return Line("hoe lang nog", kind, **{"expected": MEANT, **given})


def told(command: str, during: str | None = None) -> Line:
    return Line("ga maar terug", "navigation", during=during, command=command)


def came_to(outcome: str, *suggestions: str, command: str | None = None) -> Understood:
    faq = suggestions[0] if outcome == "answer" else None
    return Understood("hoe lang nog", outcome, faq, suggestions, command)


BESIDE = Line("wat eten we", "out_of_scope")
ANSWER = Line("Drones", "plan_answer", during="titel")
WITHIN = asked("interruption", during="doelen")
REGION = asked(expected=("welke-regio",))

SCORED = [
    (asked(), came_to("answer", "looptijd"), Result.RIGHT),
    (asked(), came_to("answer", "sto-na-2028"), Result.RIGHT),
    (asked(), came_to("answer", "wat-is-sto", "looptijd"), Result.WRONG),
    (asked(), came_to("suggest", "wat-is-sto", "looptijd"), Result.OFFERED),
    (asked(), came_to("suggest", "wat-is-sto"), Result.MISSED),
    (asked(), came_to("unknown"), Result.UNKNOWN),
    (asked(), came_to("command", command="human"), Result.WRONG),
    (asked("english"), came_to("answer", "looptijd"), Result.RIGHT),
    (WITHIN, came_to("answer", "looptijd"), Result.RIGHT),
    (WITHIN, came_to("suggest", "looptijd"), Result.OFFERED),
    (WITHIN, came_to("plan_answer", "looptijd"), Result.OFFERED),
    (WITHIN, came_to("plan_answer", "wat-is-sto"), Result.STORED),
    (WITHIN, came_to("plan_answer"), Result.STORED),
    (REGION, came_to("command", command="find_region"), Result.RIGHT),
    (REGION, came_to("answer", "welke-regio", command="find_region"), Result.RIGHT),
    (told("find_region"), came_to("answer", "welke-regio"), Result.RIGHT),
    (told("find_region"), came_to("command", command="contact"), Result.WRONG),
    (told("back"), came_to("command", command="back"), Result.RIGHT),
    (told("back", "titel"), came_to("plan_answer"), Result.STORED),
    (told("back"), came_to("suggest", "looptijd"), Result.MISSED),
    (told("back"), came_to("answer", "looptijd"), Result.WRONG),
    (ANSWER, came_to("plan_answer"), Result.RIGHT),
    (ANSWER, came_to("plan_answer", "looptijd"), Result.RIGHT),
    (ANSWER, came_to("suggest", "looptijd"), Result.WRONG),
    (ANSWER, came_to("unknown"), Result.WRONG),
    (BESIDE, came_to("unknown"), Result.RIGHT),
    (BESIDE, came_to("suggest", "looptijd"), Result.MISSED),
    (BESIDE, came_to("answer", "looptijd"), Result.WRONG),
    (BESIDE, came_to("command", command="human"), Result.WRONG),
]


@pytest.mark.parametrize(("line", "understood", "result"), SCORED)
def test_each_line_ends_as_it_should(line: Line, understood: Understood, result: Result) -> None:
    assert result_of(line, understood) == result


def test_figures_count_each_kind_apart() -> None:
    scored = [Scored(line, understood, result) for line, understood, result in SCORED]

    assert figures_of(scored) == {
        "right": Share(4, 9),
        "helped": Share(5, 9),
        "wrong": Share(2, 9),
        "answered": Share(1, 4),
        "acted": Share(2, 4),
        "swallowed": Share(2, 4),
        "recognised": Share(3, 6),
        "questions": Share(3, 5),
        "commands": Share(0, 1),
        "navigation": Share(2, 5),
        "english": Share(1, 1),
        "english_wrong": Share(0, 1),
    }


def test_demands_are_met_at_their_limits() -> None:
    assert DEMANDS["right"].is_met(Share(85, 100))
    assert not DEMANDS["right"].is_met(Share(84, 100))
    assert DEMANDS["wrong"].is_met(Share(4, 100))
    assert not DEMANDS["wrong"].is_met(Share(5, 100))


def test_every_figure_has_its_demand() -> None:
    schools = school_figures([], DirectorySearch([]))

    assert list(figures_of([])) + list(schools) == list(DEMANDS)


def test_confusions_put_sure_ones_first() -> None:
    offered = Scored(asked(), came_to("suggest", "wat-is-sto", "looptijd"), Result.OFFERED)
    wrong = Scored(asked(), came_to("command", command="human"), Result.WRONG)
    right = Scored(asked(), came_to("answer", "looptijd"), Result.RIGHT)

    assert confusions([offered, right, wrong, offered]) == [
        Confusion("looptijd", "human", 1, 1),
        Confusion("looptijd", "wat-is-sto", 2, 0),
    ]


def test_schools_are_found_first_or_among() -> None:
    names = ("assen", "emmen")
    regions = [Region(name, name, ("Drenthe",), (name,), (), None, ()) for name in names]
    texts = [("assen", ("assen",)), ("emmen", ("assen",)), ("parijs", ()), ("assen", ())]
    lines = [Line(text, "school", regions=wanted) for text, wanted in texts]

    assert school_figures(lines, DirectorySearch(regions)) == {
        "school_first": Share(1, 2),
        "school_three": Share(1, 2),
        "school_named": Share(1, 2),
    }


def test_set_is_read_from_its_folder_alone(tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    write(tmp_path / "a.jsonl", {"text": "x", "kind": "faq", "faq": "a", "also": ["b"]})
    write(tmp_path / "second" / "b.jsonl", {"text": "y", "kind": "school", "region": ["assen"]})

    assert read_set(tmp_path) == [Line("x", "faq", expected=("a", "b"))]
    assert read_set(tmp_path / "second") == [Line("y", "school", regions=("assen",))]


@pytest.mark.parametrize(
    "line",
    [
        {"text": "x", "kind": "song"},
        {"text": "x", "kind": "faq"},
        {"text": "x", "kind": "plan_answer"},
        {"text": "x", "kind": "interruption", "faq": "a"},
    ],
)
def test_line_that_says_too_little_is_refused(tmp_path: Path, line: dict[str, Any]) -> None:
    write(tmp_path / "a.jsonl", line)

    with pytest.raises(ValueError, match=r"a\.jsonl:1"):
        read_set(tmp_path)


def write(path: Path, line: dict[str, Any]) -> None:
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
