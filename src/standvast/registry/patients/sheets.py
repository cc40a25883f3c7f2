"""A list of patients as CSV: its letters, its columns, and what a row says. Pure."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date

from standvast.kit.errors import Invalid
from standvast.kit.words import marked
from standvast.registry.patients.rules import BirthNotRight, Sex, day_of, folded

MEGABYTES_MAX = 20
BYTES_MAX = MEGABYTES_MAX * 1024 * 1024
ROWS_MAX = 50_000

COLUMNS: Mapping[str, Sequence[str]] = {
    "family": ("family name", "family", "achternaam", "naam", "nom", "nom de famille"),
    "prefix": ("prefix", "tussenvoegsel", "voorvoegsel", "prefixe"),
    "given": ("given name", "first name", "voornaam", "roepnaam", "prenom"),
    "initials": ("initials", "voorletters", "initialen", "initiales"),
    "partner_family": ("partner s family name", "partnernaam", "nom du partenaire"),
    "partner_prefix": ("partner s prefix", "tussenvoegsel partner", "prefixe du partenaire"),
    "birth_on": ("birth date", "date of birth", "geboortedatum", "date de naissance"),
    "sex": ("sex", "gender", "geslacht", "sexe"),
    "bsn": ("bsn", "burgerservicenummer"),
    "insz": ("insz", "niss", "bis", "national register number", "rijksregisternummer",
             "numero de registre national"),
    "record": ("record number", "patient number", "patientnummer", "dossiernummer",
               "numero de dossier"),
    "street": ("street", "straat", "rue"),
    "house_number": ("house number", "huisnummer", "numero"),
    "postcode": ("postcode", "postal code", "code postal"),
    "city": ("town", "city", "plaats", "woonplaats", "gemeente", "ville", "localite"),
    "telephone": ("telephone", "phone", "telefoon", "telefoonnummer"),
    "email": ("e mail", "email", "e mailadres", "emailadres", "e mail address"),
    "insurer": ("insurer", "uzovi", "verzekeraar", "assureur"),
    "insured_number": ("insured number", "verzekerdennummer", "polisnummer", "numero d assure"),
}  # fmt: skip
"""Per column the headings that people give it, as `folded` writes them."""
_COLUMN_OF = {heading: column for column, all_of in COLUMNS.items() for heading in all_of}
_SEXES = {
    **dict.fromkeys(("f", "v", "female", "woman", "vrouw", "femme"), Sex.FEMALE),
    **dict.fromkeys(("m", "male", "man", "homme", "h"), Sex.MALE),
    **dict.fromkeys(("x", "o", "other", "anders", "autre"), Sex.OTHER),
}


TOO_LARGE = marked("This file is too large: at most {megabytes} MB.")


class SheetNotRight(Invalid):
    """Nothing can be made of this file; nothing of it was taken."""

    code = "patients.sheet_not_right"


def read_sheet(content: bytes) -> list[dict[str, str]]:
    """Return the rows, each by column, with the line it begins on under `line`.

    :raises SheetNotRight: if it is no CSV with the columns that are needed, or too long.
    """
    lines = csv.reader(io.StringIO(text := _text(content), newline=""), delimiter=_between(text))
    rows: list[dict[str, str]] = []
    try:
        columns = _columns(next(lines, []))
        began_on = lines.line_num + 1
        for cells in lines:
            if any(cell.strip() for cell in cells):
                said = zip(columns, cells, strict=False)
                rows.append(
                    {"line": str(began_on)}
                    | {column: cell.strip() for column, cell in said if column}
                )
            if len(rows) > ROWS_MAX:
                raise SheetNotRight(
                    marked("This list is too long: at most {rows_max} patients at a time."),
                    rows_max=ROWS_MAX,
                )
            began_on = lines.line_num + 1
    except csv.Error:
        raise SheetNotRight(marked("This file cannot be read as CSV.")) from None
    if not rows:
        raise SheetNotRight(marked("There are no patients in this file."))
    return rows


def birth_of(text: str) -> date:
    """Return the birth date in a cell.

    :raises BirthNotRight: if it is no date.
    """
    if (day := day_of(text)) is None:
        raise BirthNotRight(marked("Write the birth date as 15-3-1962 or 1962-03-15."))
    return day


def sex_of(text: str) -> Sex:
    """Return what a cell says; not known if it says anything else."""
    return _SEXES.get(folded(text), Sex.UNKNOWN)


def _text(content: bytes) -> str:
    if len(content) > BYTES_MAX:
        raise SheetNotRight(TOO_LARGE, megabytes=MEGABYTES_MAX)
    if b"\0" not in content:
        for encoding in ("utf-8-sig", "cp1252"):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise SheetNotRight(marked("This file cannot be read as CSV."))


def _between(text: str) -> str:
    heading = text.partition("\n")[0]
    return ";" if heading.count(";") >= heading.count(",") else ","


def _columns(headings: Sequence[str]) -> list[str]:
    """Return the column of each heading; empty where it is none of ours."""
    columns = [_COLUMN_OF.get(folded(heading), "") for heading in headings]
    known = [column for column in columns if column]
    if len(known) != len(set(known)):
        raise SheetNotRight(marked("Two columns of this file have the same heading."))
    if not {"family", "birth_on"} <= set(known):
        raise SheetNotRight(
            marked("The first line must name the columns, family name and birth date among them.")
        )
    return columns
