"""Messages: language, gloss, categories, urgency, facts and a summary, by rules and offline.

>>> from reknit.language import triage
>>> triage("أبحث عن أخي، عمره ٨ سنوات").categories
('sought',)
"""

from reknit.language.categories import categorise
from reknit.language.detect import LANGUAGES, detect
from reknit.language.errors import (
    LabelsError,
    LanguageError,
    LexiconError,
    ModelError,
    ReaderLanguageError,
)
from reknit.language.facts import find_facts
from reknit.language.gloss import gloss_of
from reknit.language.lexicons import READERS
from reknit.language.signals import Signals, read_signals
from reknit.language.summary import summarise
from reknit.language.triage import triage
from reknit.language.urgency import weigh_urgency
from reknit.language.values import (
    DANGER,
    UNDETERMINED,
    Category,
    CategoryReason,
    Detection,
    Fact,
    FactKind,
    FactRole,
    Gloss,
    GlossWord,
    Made,
    Summary,
    Translation,
    Triage,
    Urgency,
)

__all__ = [
    "DANGER",
    "LANGUAGES",
    "READERS",
    "UNDETERMINED",
    "Category",
    "CategoryReason",
    "Detection",
    "Fact",
    "FactKind",
    "FactRole",
    "Gloss",
    "GlossWord",
    "LabelsError",
    "LanguageError",
    "LexiconError",
    "Made",
    "ModelError",
    "ReaderLanguageError",
    "Signals",
    "Summary",
    "Translation",
    "Triage",
    "Urgency",
    "categorise",
    "detect",
    "find_facts",
    "gloss_of",
    "read_signals",
    "summarise",
    "triage",
    "weigh_urgency",
]
