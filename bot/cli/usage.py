"""Says in Dutch what is wrong with a command as it was typed; the library says it in English."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import typer

ABORTED = "Afgebroken."
_SEE = "Zie `{command} --help`."
_MISSING = "{name} ontbreekt. {help}"
_WRONG = "Wat je invult bij {name} klopt niet{why}. {help}"
_NO_OPTION = "De optie {name} ken ik niet."
_MEANT = "Bedoel je {names}?"
_NEEDS_VALUE = "Bij {name} hoort een waarde."
_TAKES_NO_VALUE = "Bij {name} hoort geen waarde."
_NO_COMMAND = "Die opdracht ken ik niet. Kies uit: {names}."
_TOO_MUCH = "Er staat meer achter de opdracht dan erbij hoort."
#: Why a value is wrong, by the name that the check of its type has for it.
_WHY = {
    "int_parsing": "noem een heel getal",
    "int_parsing_size": "noem een kleiner getal",
    "greater_than_equal": "noem een getal van minstens {ge}",
    "less_than_equal": "noem een getal van hoogstens {le}",
}


def usage_sentence(error: typer.TyperException) -> str:
    """Say what is wrong, and where to read how it should be."""
    # The library has no public names for most of these types.
    kind = type(error).__name__
    context = getattr(error, "ctx", None)
    said = _said(kind, error, context)
    return f"{said} {_SEE.format(command=context.command_path if context else 'wegwijzer')}"


def is_help(error: typer.TyperException) -> bool:
    """Say whether somebody typed a group without a command, and gets its help instead."""
    return type(error).__name__ == "NoArgsIsHelpError"


def _said(kind: str, error: Any, context: Any) -> str:
    if isinstance(error, typer.BadParameter):
        words = {"name": _name(error.param), "help": _help(error.param)}
        if kind == "MissingParameter":
            return _MISSING.format(**words).rstrip()
        return _WRONG.format(**words, why=_why(error)).rstrip()
    if kind == "NoSuchOption":
        said = _NO_OPTION.format(name=error.option_name)
        meant = error.possibilities
        return f"{said} {_MEANT.format(names=_or(sorted(meant)))}" if meant else said
    if kind == "BadOptionUsage":
        # Both come as one type, without the command that they are about.
        takes_none = "does not take a value" in error.message
        return (_TAKES_NO_VALUE if takes_none else _NEEDS_VALUE).format(name=error.option_name)
    commands = getattr(context.command, "commands", None) if context else None
    return _NO_COMMAND.format(names=", ".join(commands)) if commands else _TOO_MUCH


def _name(param: Any) -> str:
    """Give what people type: the option, or the name of an argument as the help has it."""
    if param is None:
        return "deze opdracht"
    is_option = param.param_type_name == "option"
    return str(param.opts[-1] if is_option else param.name.upper())


def _help(param: Any) -> str:
    return str(getattr(param, "help", None) or "")


def _why(error: typer.BadParameter) -> str:
    details: Callable[[], Iterable[Mapping[str, Any]]] = getattr(error.__cause__, "errors", tuple)
    for detail in details():
        if sentence := _WHY.get(str(detail["type"])):
            return f": {sentence.format(**detail.get('ctx', {}))}"
    return ""


def _or(names: Iterable[str]) -> str:
    return " of ".join(names)
