"""Which model and translators may be asked, from the environment; none unless it says so.

`REKNIT_MODEL_URL` (base URL), `REKNIT_MODEL_NAME`, and optionally `REKNIT_MODEL_HOSTS` (allowed
hosts beyond this machine, with commas), `REKNIT_MODEL_TIMEOUT` (seconds for one answer, 30) and
`REKNIT_MODEL_KEY` (sent as a bearer token). `REKNIT_TRANSLATORS`: with commas, `apertium` (all of
its pairs that are installed) and folders of translation models, asked in this order. The desk's
messages are translated into `REKNIT_TRANSLATE_INTO` (en).

>>> model_from({}) is None
True
>>> model_from({"REKNIT_MODEL_URL": "http://127.0.0.1:8080/v1", "REKNIT_MODEL_NAME": "m"}).name
'm'
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from reknit.adapters.chat import ChatModel
from reknit.adapters.ctranslate import FolderTranslator
from reknit.adapters.endpoint import Endpoint
from reknit.adapters.errors import EndpointError
from reknit.adapters.program import apertium, apertium_pairs
from reknit.adapters.provider import Translator
from reknit.language.lexicons import READERS

INTO = "REKNIT_TRANSLATE_INTO"
TRANSLATORS, APERTIUM = "REKNIT_TRANSLATORS", "apertium"
URL, NAME, HOSTS = "REKNIT_MODEL_URL", "REKNIT_MODEL_NAME", "REKNIT_MODEL_HOSTS"
TIMEOUT, KEY = "REKNIT_MODEL_TIMEOUT", "REKNIT_MODEL_KEY"


def settings_of(environment: Mapping[str, str]) -> dict[str, str]:
    """The settings that name a model or translators; empty where they name none."""
    if not any(environment.get(name, "").strip() for name in (URL, TRANSLATORS)):
        return {}
    names = (URL, NAME, HOSTS, TIMEOUT, KEY, TRANSLATORS, INTO)
    return {name: environment[name] for name in names if name in environment}


def check_settings(environment: Mapping[str, str]) -> None:
    """Raises EndpointError by setting where what is named cannot be asked; asks nobody."""
    model_from(environment)
    translators_from(environment)
    reader_from(environment)


def reader_from(environment: Mapping[str, str]) -> str:
    """The language that the desk's messages are translated into. EndpointError by setting."""
    reader = environment.get(INTO, "").strip() or READERS[0]
    if reader not in READERS:
        raise EndpointError(
            INTO, f"nobody reads {reader!r} here", f"write one of {', '.join(READERS)}"
        )
    return reader


def model_from(environment: Mapping[str, str]) -> ChatModel | None:
    """The model that settings name; None without REKNIT_MODEL_URL. EndpointError by setting."""
    url = environment.get(URL, "").strip()
    if not url:
        return None
    name = environment.get(NAME, "").strip()
    if not name:
        raise EndpointError(NAME, "it is empty", "name the model as its server does")
    hosts = [host for host in environment.get(HOSTS, "").split(",") if host.strip()]
    try:
        endpoint = Endpoint.at(
            url,
            allowed_hosts=hosts,
            timeout_s=_seconds(environment.get(TIMEOUT, "30")),
            key=environment.get(KEY) or None,
        )
    except EndpointError as error:
        place = error.place if error.place.startswith("REKNIT_") else f"{URL}: {error.place}"
        raise EndpointError(place, error.rule, error.next_step) from None
    return ChatModel(endpoint, name)


def translators_from(environment: Mapping[str, str]) -> tuple[Translator, ...]:
    """The translators that settings name, in their order. EndpointError by setting."""
    found: list[Translator] = []
    for name in filter(None, map(str.strip, environment.get(TRANSLATORS, "").split(","))):
        if name == APERTIUM:
            pairs = apertium_pairs()
            if not pairs:
                raise EndpointError(TRANSLATORS, "Apertium has no pair here", "install its pairs")
            found += [apertium(source, target) for source, target, _ in pairs]
            continue
        folder = Path(name).expanduser()
        if not folder.is_dir():
            raise EndpointError(TRANSLATORS, f"{name} is no folder", "name apertium or a folder")
        try:
            found.append(FolderTranslator.open(folder))
        except EndpointError as error:
            raise EndpointError(
                f"{TRANSLATORS}: {error.place}", error.rule, error.next_step
            ) from None
    return tuple(found)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= 3_600:
        raise EndpointError(TIMEOUT, f"{text!r} is no number of seconds up to 3600", "write 30")
    return seconds
