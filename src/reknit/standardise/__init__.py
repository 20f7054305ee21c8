"""Text in, values out."""

from reknit.standardise.ages import AgeReading, age_slack_years, heaped, standardise_age
from reknit.standardise.countries import standardise_country
from reknit.standardise.dates import DateReading, standardise_date, standardise_source_date
from reknit.standardise.errors import StandardiseError, TableError
from reknit.standardise.frequencies import background_share
from reknit.standardise.identifiers import Identifier, standardise_identifier
from reknit.standardise.names import (
    analyse_word,
    is_plain_word,
    read_alone,
    standardise_name,
    standardise_names,
)
from reknit.standardise.phones import Phone, phone_match_key, standardise_phone
from reknit.standardise.relatives import standardise_relation, standardise_relatives
from reknit.standardise.sexes import standardise_sex

__all__ = [
    "AgeReading",
    "DateReading",
    "Identifier",
    "Phone",
    "StandardiseError",
    "TableError",
    "age_slack_years",
    "analyse_word",
    "background_share",
    "heaped",
    "is_plain_word",
    "phone_match_key",
    "read_alone",
    "standardise_age",
    "standardise_country",
    "standardise_date",
    "standardise_identifier",
    "standardise_name",
    "standardise_names",
    "standardise_phone",
    "standardise_relation",
    "standardise_relatives",
    "standardise_sex",
    "standardise_source_date",
]
