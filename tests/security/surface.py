"""The web side as an OpenAPI document, made from the app's own list of doors.

It is there for tests alone: what a door takes is described here, and a door without a description
is an error. Values that open something are put in by who asks for the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.routing import BaseRoute

from bot.domain.plan_states import DECISIONS, MANAGEMENT_ACTIONS
from bot.services.overview_ports import Sorting, WaitsFor
from tests.security.whole_app import doors

Schema = dict[str, Any]
Door = tuple[str, str]
HOME = "/toegang/{link_id}"
PLAN = f"{HOME}/plannen/{{reference}}"
HTML, JSON, FORM = "text/html", "application/json", "application/x-www-form-urlencoded"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXT: Schema = {"type": "string", "maxLength": 400}
#: What any door may say: fine, go on, refused for a reason that a person can read.
USUAL = (200, 303, 304, 400, 401, 403, 404, 405, 409, 413, 422, 429)


@dataclass(frozen=True)
class Known:
    """What somebody knows; what is not known is any text."""

    #: by the name of a parameter, a field or a header
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: which form the page at `HOME` has: "review", "management" or "confirm"
    form: str = "review"


@dataclass(frozen=True)
class Described:
    """What one door takes and gives."""

    gives: tuple[str, ...] = (HTML,)
    query: Mapping[str, Schema] = field(default_factory=dict)
    headers: Mapping[str, Schema] = field(default_factory=dict)
    form: Mapping[str, Schema] | None = None
    body: Schema | None = None


def one_of(*values: Any) -> Schema:
    return {"enum": [getattr(value, "value", value) for value in values]}


NUMBER: Schema = {"type": "integer", "minimum": 0, "maximum": 99}
PROOF: Schema = {"type": "string", "minLength": 8, "maxLength": 64}
MOMENT = {"anyOf": [one_of("2026-12-01T15:30", "2026-12-01", "morgen 10 uur", ""), TEXT]}
PAGE_FORMS: dict[str, dict[str, Schema]] = {
    "review": {
        "form": one_of(
            "receive", "ask", "take_back", "invite", "forward", "note", "undo", "decide"
        ),
        "decision": one_of(*DECISIONS),
        "seen": NUMBER,
        "version": NUMBER,
        "mark": PROOF,
        "step": one_of("activiteiten", "idee", "middelen", ""),
        "text": TEXT,
        "moment1": MOMENT,
        "moment2": MOMENT,
        "moment3": MOMENT,
        "place": TEXT,
        "to": one_of("colleague", "at_school", "other_region", "x"),
    },
    "management": {
        "verdict": one_of(*MANAGEMENT_ACTIONS),
        "name": TEXT,
        "function": TEXT,
        "text": TEXT,
        "remark-idee": TEXT,
        "seen": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "mark": PROOF,
    },
    "confirm": {"form": one_of("right", "wrong"), "text": TEXT, "mark": PROOF},
}
FILTERS: dict[str, Schema] = {
    "stand": TEXT,
    "school": TEXT,
    "wacht": one_of(*WaitsFor),
    "zoek": TEXT,
    "volgorde": one_of(*Sorting),
    "pagina": {"type": "integer"},
    "met_namen": one_of("ja", "nee"),
}
READING: dict[str, Schema] = {
    "versie": {"type": "integer"},
    "gedaan": one_of("note", "ask", "endorse"),
    "bij": TEXT,
}
ACCEPT = {"Accept": one_of(HTML, JSON, "*/*")}
UPDATE: Schema = {
    "type": "object",
    "required": ["update_id"],
    "properties": {
        "update_id": {"type": "integer"},
        "message": {
            "type": "object",
            "properties": {
                "message_id": {"type": "integer"},
                "date": {"type": "integer"},
                "text": TEXT,
                "chat": {
                    "type": "object",
                    "properties": {"id": {"type": "integer"}, "type": one_of("private", "group")},
                },
                "from": {"type": "object", "properties": {"id": {"type": "integer"}}},
            },
        },
        "callback_query": {
            "type": "object",
            "properties": {"id": TEXT, "data": TEXT, "from": {"type": "object"}},
        },
    },
}
CALL: Schema = {
    "type": "object",
    "required": ["next_action", "tracker", "domain"],
    "properties": {
        "next_action": one_of("action_welcome", "action_plan_answer", "action_made_up"),
        "tracker": {
            "type": "object",
            "properties": {
                "sender_id": TEXT,
                "slots": {"type": "object"},
                "events": {"type": "array", "items": {"type": "object"}},
                "latest_message": {"type": "object"},
            },
        },
        "domain": {"type": "object"},
    },
}
DESCRIBED: dict[Door, Described] = {
    ("GET", "/"): Described(),
    ("GET", "/chat/messages"): Described(
        (HTML, JSON),
        query={
            "after": {"type": "string", "pattern": r"^\d{1,4}\.\d{1,4}\.\d{1,4}$"},
            "ready": one_of("no", "yes"),
        },
        headers=ACCEPT,
    ),
    ("POST", "/chat/messages"): Described(
        (HTML, JSON), headers=ACCEPT, form={"id": PROOF, "text": TEXT, "press": TEXT, "after": TEXT}
    ),
    ("GET", "/chat/documents/{said_id}"): Described((HTML, JSON), headers=ACCEPT),
    ("GET", "/static"): Described(("text/css", "text/javascript", HTML, "image/svg+xml")),
    ("GET", "/privacy"): Described(),
    ("GET", "/healthz"): Described(("text/plain",)),
    ("GET", "/readyz"): Described((JSON,)),
    ("GET", "/l/{word}"): Described(),
    ("POST", "/l/nieuw"): Described(form={"word": TEXT}),
    ("GET", HOME): Described(query={**READING, **FILTERS}),
    ("POST", HOME): Described(form={}),
    ("GET", f"{HOME}/plan.pdf"): Described((HTML, "application/pdf")),
    ("GET", f"{HOME}/plannen.csv"): Described((HTML, "text/csv"), query=FILTERS),
    ("GET", f"{HOME}/plannen.xlsx"): Described((HTML, XLSX), query=FILTERS),
    ("GET", PLAN): Described(query=READING),
    ("POST", PLAN): Described(form=PAGE_FORMS["review"]),
    ("GET", f"{PLAN}/plan.pdf"): Described((HTML, "application/pdf")),
    ("POST", f"{HOME}/overzicht"): Described(form={"form": TEXT}),
    ("POST", f"{HOME}/telegram"): Described(form={"form": one_of("couple", "uncouple")}),
    ("GET", "/postvak"): Described(),
    ("GET", "/postvak/{key}"): Described(),
    ("GET", "/postvak/{key}/html"): Described(),
    ("GET", "/postvak/{key}/bijlage/{name}"): Described((HTML, "application/pdf", JSON)),
    ("POST", "/rasa/actions"): Described((JSON,), headers={"Authorization": TEXT}, body=CALL),
    ("POST", "/telegram"): Described(
        (), headers={"X-Telegram-Bot-Api-Secret-Token": TEXT}, body=UPDATE
    ),
}


def document(routes: Iterable[BaseRoute], known: Known) -> Schema:
    """Give the document of these routes; raises KeyError for a door that is not described."""
    paths: dict[str, Schema] = {}
    for method, path in doors(routes):
        operation = _operation((method, path), DESCRIBED[method, path], known)
        paths.setdefault(shown(path), {})[method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "STO-wegwijzer", "version": "1"},
        "paths": paths,
    }


def shown(path: str) -> str:
    """Give the path of a door as the document has it."""
    return "/static/{file}" if path == "/static" else path.replace(":int}", "}")


def _operation(door: Door, described: Described, known: Known) -> Schema:
    fields = described.form
    if door == ("POST", HOME):
        fields = PAGE_FORMS[known.form]
    names = [part[1:].partition("}")[0] for part in shown(door[1]).split("/") if "{" in part]
    parameters = [_parameter("path", name, TEXT | {"minLength": 1}, known) for name in names]
    parameters += [_parameter("query", name, one, known) for name, one in described.query.items()]
    parameters += [
        _parameter("header", name, one, known) for name, one in described.headers.items()
    ]
    operation: Schema = {"parameters": parameters, "responses": _responses(described)}
    if fields is not None:
        given = {**fields, "proof": PROOF} if HOME in door[1] else dict(fields)
        form = {name: _value(name, one, known) for name, one in given.items()}
        schema = {"type": "object", "properties": form, "required": sorted(form)[:1]}
        if "proof" in form:
            schema["required"] = ["proof"]
        operation["requestBody"] = {"required": True, "content": {FORM: {"schema": schema}}}
    elif described.body:
        operation["requestBody"] = {"required": True, "content": {JSON: {"schema": described.body}}}
    return operation


def _parameter(place: str, name: str, schema: Schema, known: Known) -> Schema:
    is_required = place == "path" or name in known.values
    return {
        "in": place,
        "name": name,
        "required": is_required,
        "schema": _value(name, schema, known),
    }


def _value(name: str, schema: Schema, known: Known) -> Schema:
    if name not in known.values:
        return schema
    return one_of(*known.values[name])


def _responses(described: Described) -> Schema:
    # Whatever has no door of its own, as a name with a slash in it, gives our page for that.
    content: Schema = {kind: {} for kind in dict.fromkeys((*described.gives, HTML))}
    return {str(status): {"description": "", "content": content} for status in USUAL}
