"""What migrations leave alone: search tables, their column and its index are generated (core/derived.py)."""


def include_object(_object, name, type_, reflected, _compare_to):
    if type_ == "table":
        return not (reflected and "_fts" in name)
    return not (reflected and (name == "tsv" or (name or "").endswith("_tsv")))
