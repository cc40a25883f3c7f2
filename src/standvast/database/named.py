"""SQL in small named files: the ORM path and the edge run the same text."""

from functools import cache
from importlib.resources import files
from typing import LiteralString


@cache
def named_sql(package: str, name: str) -> LiteralString:
    """Return the text of `sql/<name>.sql` in a module's folder, read once per process.

    `package` is the module's dotted name. The files ship with the source and are trusted.
    """
    return files(package).joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
