"""Search: text is folded here, once, and indexed by FTS5 or tsvector; names typed wrong are found by one-letter keys.

A table joins in with `info={"search": ("folded",)}`: the columns that hold folded text, most public first.
"""

import re
import unicodedata

from sqlalchemy import Integer, String, bindparam, column, func, literal_column, select, table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from .db import db, dialect

_LETTERS = str.maketrans(
    {"ł": "l", "ß": "ss", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h"}
    | dict.fromkeys("'’‘`´ʼ-", " ")
)
MAX_TERMS = 8
SIMILAR = 12


class NameKey(db.Model):
    """Every word of a name once, under itself and under each of its forms with one letter left out."""

    __tablename__ = "name_key"
    __table_args__ = {"info": {"audit": "derived from names"}}
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    word: Mapped[str] = mapped_column(String(80), primary_key=True)


def fold(text: str) -> str:
    """Lower case without accents: what is compared and indexed ("Łukasz Weiß" -> "lukasz weiss")."""
    text = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(c for c in text if not unicodedata.combining(c)).translate(_LETTERS)


def terms(query: str) -> list[str]:
    """The folded words of a query, at most eight, each at most 60 letters."""
    return [t[:60] for t in re.findall(r"\w+", fold(query))[:MAX_TERMS]]


def expression(words: list[list[str]], *, public_only: bool = False) -> str:
    """A query for the index: each inner list is one term with its alternatives; all terms must occur as prefixes."""
    if dialect() == "postgresql":
        mark = ":*A" if public_only else ":*"
        return " & ".join("(" + " | ".join(w + mark for w in alternatives) + ")" for alternatives in words)
    text = " AND ".join("(" + " OR ".join(f'"{w}"*' for w in alternatives) + ")" for alternatives in words)
    return "{folded} : (" + text + ")" if public_only else text


def matching(model):
    """A condition on `model` (bind parameter `match`, from `expression`) and the order that reads newest first."""
    name = model.__tablename__
    if dialect() == "postgresql":
        tsv = literal_column(f"{name}.tsv")
        return tsv.op("@@")(func.to_tsquery("simple", bindparam("match"))), model.id.desc()
    fts = table(f"{name}_fts", column("rowid", Integer), column(f"{name}_fts"))
    found = select(fts.c.rowid).where(fts.c[f"{name}_fts"].op("MATCH")(bindparam("match")))
    return model.id.in_(found), model.id.desc()


def joined(query, model):
    """`query` narrowed to rows of `model` that match (bind `match`), walked newest first, without sorting all matches."""
    name = model.__tablename__
    if dialect() == "postgresql":
        condition, order = matching(model)
        return query.where(condition).order_by(order)
    fts = table(f"{name}_fts", column("rowid", Integer), column(f"{name}_fts"))
    return (
        query.join(fts, fts.c.rowid == model.id)
        .where(fts.c[f"{name}_fts"].op("MATCH")(bindparam("match")))
        .order_by(fts.c.rowid.desc())
    )


def keys_of(word: str):
    """The word and each form of it with one letter left out."""
    return dict.fromkeys([word, *(word[:i] + word[i + 1 :] for i in range(len(word)))])


def remember(names: str) -> None:
    """Make the words of a name findable when typed wrong. Call inside the write that saves the name."""
    rows = [{"key": k, "word": w} for w in terms(names) if len(w) > 2 for k in keys_of(w)]
    if rows:
        insert = (postgresql if dialect() == "postgresql" else sqlite).insert
        db.session.execute(insert(NameKey).on_conflict_do_nothing(), rows)


def similar(word: str) -> list[str]:
    """Words of names at most one slip away: a letter left out, added, changed, or two swapped."""
    if len(word) < 4:
        return []
    found = db.session.scalars(select(NameKey.word).where(NameKey.key.in_(list(keys_of(word)))).distinct())
    return [w for w in found if near(w, word)][:SIMILAR]


def near(a: str, b: str) -> bool:
    """Whether one slip of the keyboard leads from a to b."""
    if a == b:
        return True
    if abs(len(a) - len(b)) > 1:
        return False
    i = 0
    while i < min(len(a), len(b)) and a[i] == b[i]:
        i += 1
    x, y = a[i:], b[i:]
    return x[1:] == y or x == y[1:] or x[1:] == y[1:] or (x[:2] == y[1::-1] and x[2:] == y[2:])


def snippet(text: str, words: list[str], around: int = 60) -> list[tuple[str, bool]]:
    """The part of `text` around the first hit, as (piece, is a hit) pairs: the template escapes and marks them."""
    hits = _hits(text, words)
    first = next(hits, None)
    start = max(0, first[0] - around) if first else 0
    end = min(len(text), (first[1] if first else 0) + 2 * around)
    if start and (space := text.find(" ", start, first[0])) >= 0:  # not in the middle of a word
        start = space + 1
    out, at = [("…", False)] if start else [], start
    while first and first[1] <= end:
        out += [(text[at : first[0]], False), (text[first[0] : first[1]], True)]
        at, first = first[1], next(hits, None)
    return [*out, (text[at:end], False), *([("…", False)] if end < len(text) else [])]


def _hits(text, words):
    """Where the words that begin with one of `words` stand in `text`, one by one: (start, end)."""
    if not words:
        return
    begins = rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})\w*"
    folded = fold(text)
    if len(folded) == len(text):  # nearly always: every letter was folded into one
        yield from (m.span() for m in re.finditer(begins, folded))
    else:
        yield from (m.span() for m in re.finditer(r"\w+", text) if re.match(begins, fold(m.group())))


def sqlite_ddl(tables):
    for t in tables:
        columns = t.info["search"]
        names, new, old = (", ".join(f"{p}{c}" for c in columns) for p in ("", "NEW.", "OLD."))
        changed = " OR ".join(f"OLD.{c} IS NOT NEW.{c}" for c in columns)
        fts, remove = (
            f"{t.name}_fts",
            f"INSERT INTO {t.name}_fts({t.name}_fts, rowid, {names}) VALUES ('delete', OLD.id, {old});",
        )
        add = f"INSERT INTO {fts}(rowid, {names}) VALUES (NEW.id, {new});"
        yield "trigger", f"{fts}_i", f'CREATE TRIGGER {fts}_i AFTER INSERT ON "{t.name}" BEGIN {add} END'
        yield "trigger", f"{fts}_d", f'CREATE TRIGGER {fts}_d AFTER DELETE ON "{t.name}" BEGIN {remove} END'
        yield (
            "trigger",
            f"{fts}_u",
            f'CREATE TRIGGER {fts}_u AFTER UPDATE OF {names} ON "{t.name}" WHEN {changed} BEGIN {remove} {add} END',
        )


def sqlite_index(t):
    """The FTS table itself: made once, filled from the table it indexes."""
    names, fts = ", ".join(t.info["search"]), f"{t.name}_fts"
    yield f"CREATE VIRTUAL TABLE {fts} USING fts5({names}, content='{t.name}', content_rowid='id', tokenize='unicode61', prefix='2 3')"
    yield f"INSERT INTO {fts}({fts}) VALUES ('rebuild')"


def postgres_index(t):
    vectors = " || ".join(
        f"setweight(to_tsvector('simple', coalesce({name}, '')), '{weight}')"
        for name, weight in zip(t.info["search"], "ABCD", strict=False)
    )
    yield f'ALTER TABLE "{t.name}" ADD COLUMN tsv tsvector GENERATED ALWAYS AS ({vectors}) STORED'
    yield f'CREATE INDEX ix_{t.name}_tsv ON "{t.name}" USING gin (tsv)'


def searched(metadata):
    return [t for t in metadata.sorted_tables if t.info.get("search")]
