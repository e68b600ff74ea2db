"""What can go wrong by the rules; the docstring of each error is its default message."""

from __future__ import annotations


class WegwijzerError(Exception):
    """Er ging iets mis."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class StaleAttemptError(WegwijzerError):
    """Een nieuwere poging heeft dit bericht overgenomen."""


class UnknownStepError(WegwijzerError):
    """Deze vraag hoort niet bij het plan."""


class NotADraftError(WegwijzerError):
    """Dit plan is al verstuurd en kan hier niet meer worden veranderd."""


class NotReadyToSendError(WegwijzerError):
    """Het plan mist nog een antwoord dat voor het versturen nodig is."""


class NotAllowedError(WegwijzerError):
    """Dat kan nu niet met dit plan."""


class TooFastError(WegwijzerError):
    """Dat gaat te snel; dit bericht is niet bewaard."""


class NotFoundError(WegwijzerError):
    """Dit is er niet (meer)."""


class ChangedMeanwhileError(WegwijzerError):
    """Er is intussen iets veranderd. Kijk eerst wat, en kies dan opnieuw."""


class BadInputError(WegwijzerError):
    """Dat kan ik niet lezen. Kijk wat je hebt ingevuld."""


class ContentError(WegwijzerError):
    """Een bestand in content/ klopt niet."""


class SettingsError(WegwijzerError):
    """Een instelling klopt niet."""
