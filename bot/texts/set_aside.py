"""How the operator reads what waits for a decision: messages, deliveries and moments."""

from __future__ import annotations

#: What a delivery is for, by what its key begins with.
_PURPOSES = {
    "alarm": "melding aan jou",
    "away": "vraag om iets opnieuw te sturen",
    "contact_wrong": "melding over een adres",
    "event": "nieuws over een plan",
    "flood": "antwoord in de chat",
    "hand_over": "plan naar de regio",
    "kept": "antwoord in de chat",
    "management": "vraag aan de schoolleiding",
    "new_link": "nieuwe link",
    "overview": "link naar het overzicht",
    "parked": "antwoord in de chat",
    "remind": "herinnering",
    "retried": "antwoord in de chat",
    "turn": "antwoord in de chat",
    "undelivered": "bericht aan de docent over de bezorging",
}
_PROBLEMS = {
    "bad_request": "Telegram weigert dit bericht",
    "blocked": "de ontvanger heeft de bot geblokkeerd",
    "chat_not_found": "deze chat bestaat niet meer",
    "mail_server_unavailable": "de mailserver was niet te bereiken",
    "no_address": "dit is geen e-mailadres",
    "plan_is_gone": "het plan is gewist",
    "unexpected": "een fout in de wegwijzer; kijk in het logboek",
    "unknown_kind": "gemaakt door een andere versie",
}
_REJECTED = "de mailserver weigert het ({code})"
_MOMENTS = {
    "remind": "een herinnering",
    "escalate": "het plan gaat een stap verder op de route",
    "lapse": "de vraag aan de docent vervalt",
    "release": "het besluit gaat naar de docent",
    "draft_nudge": "een herinnering aan een concept",
    "management_nudge": "een herinnering over de schoolleiding",
    "absence": "de vraag om iets opnieuw te sturen",
    "confirm_contact": "de vraag of een adres nog klopt",
}


def purpose(key: str) -> str:
    """Say what a delivery is for."""
    return _PURPOSES.get(key.partition(":")[0], "bericht")


def problem_words(problem: str | None) -> str:
    """Say why a delivery was given up; a code that has no words of its own stays as it is."""
    if problem and problem.startswith("rejected_"):
        return _REJECTED.format(code=problem.removeprefix("rejected_"))
    return _PROBLEMS.get(problem or "", problem or "")


def moment_words(kind: str) -> str:
    """Say what was to happen."""
    return _MOMENTS.get(kind, kind)


def masked(address: str) -> str:
    """Give an address so that its owner knows it and others do not: `p…@regio.example`, `…789`."""
    local, at, domain = address.partition("@")
    return f"{local[:1]}…@{domain}" if at else f"…{address[-3:]}"
