"""What is said outside a plan: welcome, help, rights, and when something cannot be read."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.plan import Plan
from bot.texts.plan_intake import title_of

MAKE_PLAN = "Plan maken"
ASK = "Vraag stellen"
MY_PLANS = "Mijn plannen"
COMPANY = "Ik ben van een bedrijf"
YES_DELETE = "Ja, wis alles"
NO_DELETE = "Nee, bewaar alles"

WELCOME = (
    "Hallo! Ik ben de STO-wegwijzer, een automatische assistent van {operator}. "
    "Ik ben niet van het ministerie van OCW of van DUS-I.\n\n"
    "Ik help je om een idee voor techniekonderwijs bij de juiste persoon in je regio te krijgen, "
    "en ik beantwoord vragen over Sterk Techniekonderwijs.\n\n"
    "Ik bewaar wat je typt. Je plan gaat pas naar de regio als je op Versturen drukt. Noem geen "
    "namen of gegevens van leerlingen. Typ /privacy voor meer.\n\n"
    "Wat wil je doen?"
)
MENU = "Wat wil je doen?"
HELP = (
    "Zo werkt het:\n"
    '• "plan maken": ik stel je vragen, één voor één.\n'
    '• Onderweg kun je "terug", "overslaan", "tip", "pauze", "overzicht" of "stop" typen.\n'
    '• "ik wil mijn doelen aanpassen": je gaat naar dat antwoord.\n'
    '• "mijn plannen" en "waar staat mijn plan": zie wat er loopt.\n'
    "• Een vraag over STO kun je altijd tussendoor stellen.\n"
    '• "mijn gegevens" en "verwijder mijn gegevens": jouw gegevens, jouw keuze.'
)
HUMAN = (
    "Ik ben een automatische assistent. Wil je liever een mens spreken? {contact}\n"
    "Met een plan erbij gaat het sneller, maar het hoeft niet."
)
HUMAN_CONTACT = "Mail de beheerder: {email}."
HUMAN_NO_CONTACT = (
    "Op de regiopagina van sterktechniekonderwijs.nl staat onder “contact” wie je kunt bellen."
)
THANKS = "Graag gedaan!"
BYE = "Tot ziens! Alles is bewaard; je kunt altijd verdergaan."
BOT_CHALLENGE = "Ik ben een automatische assistent, geen mens. Ik volg vaste regels en gok niet."
COMPANY_VISIT = (
    "Mooi dat je met je bedrijf wilt helpen! Dit deel is er nog niet: straks help ik je hier een "
    "draaiboek voor een bedrijfsbezoek te maken. Neem tot die tijd contact op met een school in "
    "de buurt; via “Welke regio?” zoek ik de regio voor je op."
)
ONLY_TEXT = "Ik kan alleen tekst lezen. Wil je het voor me opschrijven?"
FIND_REGION_PROMPT = "Voor welke school of plaats zoek je de regio?"
REGION_NOT_FOUND = "Daar vind ik geen regio bij. Probeer de plaatsnaam, of kijk op de kaart: {page}"
REGIONS_FOUND = "Welke zoek je? Dit past het best; staat hij er niet bij, typ dan de plaats."
CONTACT_OF_REGION = (
    "De programmamanager staat op de pagina van de regio onder “contact”. "
    "Voor welke school of plaats zoek je de regio?"
)
GROUP = "Ik werk alleen in een privégesprek. Stuur me daar een bericht; deze groep verlaat ik nu."
TOO_FAST = (
    "Dat gaat me te snel. Je eerste berichten heb ik bewaard en beantwoord ik gewoon. "
    "De laatste niet: stuur die over een minuut nog eens."
)
KEPT = (
    "Ik heb je bericht bewaard, maar ik kan nu even niet nadenken. "
    "Je hoeft niets te doen: ik antwoord zodra het weer kan."
)
NOT_YET = (
    "Ik kan je bericht nu nog niet bewaren. Je hoeft niets te doen: ik blijf het proberen, en je "
    "krijgt antwoord zodra het lukt."
)
STARTING = "Ik start net op. Je bericht is bewaard; over een paar tellen krijg je antwoord."
PARKED = (
    "Het spijt me, met dit bericht lukt het me niet. Je bericht is bewaard voor de beheerder. "
    "Probeer het eens met andere woorden; de rest van je plan is veilig."
)
RETRIED = "Je bericht van {date} om {time} lag nog bij de beheerder. Hier is alsnog het antwoord."

EXPORT = "Hier is wat ik van je bewaar. Eerst een bestand voor een computer (JSON)."
EXPORT_PDF = "En hetzelfde om te lezen (pdf). Bovenaan staat wat er niet bij zit."
EXPORT_WITHHELD = (
    "Wat de mensen die je plan lezen aan elkaar schrijven (notities, en wat zij bij het doorsturen "
    "zeggen) staat hier niet in: dat is ook van hen. Vraag ernaar bij wie je plan nu heeft, of bij "
    "de functionaris gegevensbescherming van je school."
)
EXPORT_NAME = "mijn-gegevens.json"
EXPORT_PDF_NAME = "mijn-gegevens.pdf"
DELETE_ASK = (
    "Weet je het zeker? Ik wis dan al je plannen, antwoorden en berichten. Dat kan niet terug."
)
DELETE_SURE = "Druk op “Ja, wis alles”, of typ dat over. Zo gaat er niets per ongeluk weg."
DELETE_READ = (
    "Deze mensen kregen al iets van je te lezen. Hun link werkt dan niet meer, maar wat zij in hun "
    "mail of chat hebben kan ik niet wissen; vraag dat aan hen:"
)
DELETED = "Gewist op {date}: {plans}, je antwoorden en al je berichten."
NOT_DELETED = "Goed, ik bewaar alles."

SUBMITTED = (
    "Verstuurd! Je plan heeft nummer {reference}.\n{recipient}\n"
    "In de bijlage staat je plan als pdf, voor jezelf. De regio bepaalt of en hoe het doorgaat. "
    'Typ "waar staat mijn plan" om te zien of het bezorgd is.'
)
PDF_FAILED = (
    "De pdf maken lukt nu niet. Je plan is wel verstuurd, met alles wat je schreef. "
    "De regio kan de pdf later zelf openen."
)


def read_by(plan: Plan, names: Sequence[str]) -> str:
    """Say who got a plan to read, before it is deleted here."""
    number = f" ({plan.reference})" if plan.reference else ""
    return f"• {title_of(plan)}{number}: {', '.join(names)}"
