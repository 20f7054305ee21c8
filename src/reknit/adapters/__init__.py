"""What reaches outside: models that help to read messages, and translators. Nothing of it is asked
unless an operator names it.

A model stands beside the rules of `reknit.language` and never above them: see `Assistant`. Before
it may say anything it is tried on labelled messages: see `try_out`.
"""

from reknit.adapters.assistant import Assistant, Assisted
from reknit.adapters.chat import ChatModel
from reknit.adapters.ctranslate import FolderTranslator
from reknit.adapters.endpoint import Endpoint
from reknit.adapters.errors import AdapterError, EndpointError, ProviderError
from reknit.adapters.program import ProgramTranslator, apertium, apertium_pairs
from reknit.adapters.provider import (
    Ability,
    Opinion,
    Provider,
    Translator,
    is_machine_made,
)
from reknit.adapters.settings import (
    check_settings,
    model_from,
    reader_from,
    settings_of,
    translators_from,
)
from reknit.adapters.trial import Score, Verdict, try_out

__all__ = [
    "Ability",
    "AdapterError",
    "Assistant",
    "Assisted",
    "ChatModel",
    "Endpoint",
    "EndpointError",
    "FolderTranslator",
    "Opinion",
    "ProgramTranslator",
    "Provider",
    "ProviderError",
    "Score",
    "Translator",
    "Verdict",
    "apertium",
    "apertium_pairs",
    "check_settings",
    "is_machine_made",
    "model_from",
    "reader_from",
    "settings_of",
    "translators_from",
    "try_out",
]
