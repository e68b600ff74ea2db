"""One turn of a conversation: what came in, what was open, and what is said back."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class OpenKind(StrEnum):
    """What a conversation waits for; frozen in the turn when it is first taken up."""

    NONE = "none"
    PLAN = "plan"
    CONFIRM = "confirm"
    FIND_REGION = "find_region"
    QUESTION = "question"
    DELETE = "delete"
    CHOOSE = "choose"
    #: somebody fills in what an action on a plan needs; never goes to Rasa
    DESK = "desk"


#: What Rasa is told to be open: what is filled in at the desk of a plan is none of its business.
KNOWN_TO_RASA = tuple(kind for kind in OpenKind if kind is not OpenKind.DESK)
#: Side questions: they hold for the next message alone, then what was open before is open again.
ONE_TURN = frozenset(
    {
        OpenKind.FIND_REGION,
        OpenKind.QUESTION,
        OpenKind.DELETE,
        OpenKind.CHOOSE,
        OpenKind.DESK,
    }
)


@dataclass(frozen=True)
class Open:
    """What was open for the person: the kind and, in a plan, which plan and which step.

    `only_choices` when that step takes nothing but its choices; `is_choice` when the message that
    this is frozen in names one of them.
    """

    kind: OpenKind = OpenKind.NONE
    plan_id: str | None = None
    step: str | None = None
    is_choice: bool = False
    only_choices: bool = False

    def is_at(self, place: str) -> bool:
        """Say whether a button that is tied to `place` still belongs to what is open."""
        return place in (f"{self.plan_id}/{self.step}", self.kind.value)

    @property
    def for_rasa(self) -> str:
        """Give the kind as Rasa is told."""
        return (self.kind if self.kind in KNOWN_TO_RASA else OpenKind.NONE).value

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON object that is frozen in the inbox row."""
        return {
            "kind": self.kind.value,
            "plan_id": self.plan_id,
            "step": self.step,
            "is_choice": self.is_choice,
            "only_choices": self.only_choices,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Open:
        """Read back what `to_dict` wrote."""
        return cls(
            OpenKind(data["kind"]),
            data.get("plan_id"),
            data.get("step"),
            data.get("is_choice", False),
            data.get("only_choices", False),
        )


@dataclass(frozen=True)
class Choice:
    """A button: its label is also what a person may type instead.

    `intent` is the intent that a press stands for; `value` its argument (a region id, a step, a
    plan). `at` ties the button to one plan and step ("<plan_id>/<step>") or to a side question
    ("delete"): pressed anywhere else it is expired. Without `at` it stays valid for ever.
    """

    label: str
    intent: str
    value: str | None = None
    at: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON object that is stored with a reply."""
        return {"label": self.label, "intent": self.intent, "value": self.value, "at": self.at}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Choice:
        """Read back what `to_dict` wrote."""
        return cls(data["label"], data["intent"], data.get("value"), data.get("at"))


class DocumentKind(StrEnum):
    """Files that can go with a reply; made when the reply is sent, never stored."""

    PLAN_PDF = "plan_pdf"
    MY_DATA = "my_data"
    #: the same to read
    MY_DATA_PDF = "my_data_pdf"
    #: the moments of the last invitation to a plan, as calendar entries
    INVITATION = "invitation"


@dataclass(frozen=True)
class Document:
    """A file to go with a reply: its kind, what it is about (plan or person id) and its name."""

    kind: DocumentKind
    subject: str
    name: str


@dataclass(frozen=True)
class Reply:
    """One message to the person: plain text (never markup), choices and perhaps a file."""

    text: str
    choices: tuple[Choice, ...] = ()
    document: Document | None = None

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON object that is stored under the turn."""
        document = self.document and {
            "kind": self.document.kind.value,
            "subject": self.document.subject,
            "name": self.document.name,
        }
        return {
            "text": self.text,
            "choices": [choice.to_dict() for choice in self.choices],
            "document": document,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Reply:
        """Read back what `to_dict` wrote."""
        document = data.get("document")
        return cls(
            data["text"],
            tuple(Choice.from_dict(choice) for choice in data["choices"]),
            document
            and Document(DocumentKind(document["kind"]), document["subject"], document["name"]),
        )


@dataclass(frozen=True)
class Turn:
    """One incoming message, as the services see it.

    `id` is the inbox row; `attempt` fences an answer that comes too late: only the attempt that
    the inbox row still names may commit. `text` is what the person typed, verbatim; `pressed` the
    button, if it was one; `source` names the transport's own message, so that an edit finds it.
    `suggestions` are the FAQ entries that the text comes near to, best first: with the intent `faq`
    the first one is what was asked; with `plan_answer` it may be a question after all. `is_guess`
    when a command was not said in so many words.
    """

    id: int
    attempt: int
    person_id: str
    conversation_id: str
    text: str = ""
    open: Open = field(default_factory=Open)
    pressed: Choice | None = None
    source: str | None = None
    intent: str | None = None
    suggestions: tuple[str, ...] = ()
    is_guess: bool = False

    @property
    def value(self) -> str | None:
        """The argument of the pressed button, if this turn is one."""
        return self.pressed.value if self.pressed else None
