"""A query as SQL."""

from __future__ import annotations

from typing import Any

from genstudio.library.entries import Query


def statement(query: Query) -> tuple[str, list[Any]]:
    """The statement that gives the ids of the pictures, newest first, and its values."""
    tests, values = _tests(query)
    source = "pictures p"
    if query.words.split():
        source += " JOIN words w ON w.rowid = p.id"
        tests.append("words MATCH ?")
        values.append(_match(query.words))
    if query.collection:
        source += (
            " JOIN members m ON m.picture = p.id"
            " JOIN collections c ON c.id = m.collection AND c.name = ?"
        )
        values.insert(0, query.collection)
    order = "p.binned DESC" if query.binned else "p.made DESC"
    return (
        f"SELECT p.id FROM {source} WHERE {' AND '.join(tests)} ORDER BY {order}, p.id DESC",
        values,
    )


def words_and_seed(text: str) -> tuple[str, int | None]:
    """What is typed into a search line: words, and the seed of a word like "seed:7"."""
    words, seed = [], None
    for word in text.split():
        name, _, number = word.partition(":")
        if name.lower() == "seed" and number.isdecimal():
            seed = int(number[:10])
        else:
            words.append(word)
    return " ".join(words), seed


def _tests(query: Query) -> tuple[list[str], list[Any]]:
    tests = [f"p.binned IS {'NOT ' if query.binned else ''}NULL"]
    values: list[Any] = []
    for column, value in (
        ("p.model = ?", query.model),
        ("p.family = ?", query.family),
        ("p.licence = ?", query.licence),
        ("p.stars >= ?", query.stars),
        ("p.favourite = ?", int(query.favourites)),
    ):
        if value:
            tests.append(column)
            values.append(value)
    for column, limit in (
        ("p.seed = ?", query.seed),
        ("p.made >= ?", query.since),
        ("p.made < ?", query.until),
    ):
        if limit is not None:
            tests.append(column)
            values.append(limit)
    return tests, values


def _match(words: str) -> str:
    """Words as full-text search takes them: all of them, each as the beginning of a word."""
    plain = (word.replace('"', '""') for word in words.split())
    return " ".join(f'"{word}"*' for word in plain)
