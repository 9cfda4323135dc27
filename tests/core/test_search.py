import pytest

from core import search


@pytest.mark.parametrize(
    "written, folded",
    [
        ("Nicolò", "nicolo"),
        ("ŁUKASZ", "lukasz"),
        ("Weiß", "weiss"),
        ("Øyvind", "oyvind"),
        ("D'Angelo", "d angelo"),
        ("Șerban", "serban"),
        ("Nguyễn", "nguyen"),
        ("İbrahim", "ibrahim"),
        ("citta\u0300", "citta"),
    ],
)
def test_letters_are_folded_alike(written, folded):
    assert search.fold(written) == folded


@pytest.mark.parametrize(
    "a, b",
    [("hadad", "haddad"), ("haddda", "haddad"), ("hadadd", "haddad"), ("hoddad", "haddad"), ("haddad", "haddad")],
)
def test_one_slip_is_near(a, b):
    assert search.near(a, b) and search.near(b, a)


@pytest.mark.parametrize("a, b", [("hadd", "haddad"), ("rossi", "russo"), ("ab", "ba3")])
def test_two_slips_are_not(a, b):
    assert not search.near(a, b)


def test_a_word_and_its_keys_meet():
    """Whatever the slip, the two words share a key: that is how one is found from the other."""
    for slip in ("hadad", "haddaad", "hoddad", "hadadd"):
        assert set(search.keys_of(slip)) & set(search.keys_of("haddad"))


@pytest.mark.parametrize(
    "query", ['"', "*", "a OR b", "NEAR(x)", "(((", "col:val", "'; DROP TABLE note", "^x", "-x", "\x00", "à" * 5000]
)
def test_any_query_becomes_plain_terms(query):
    assert all(t.isalnum() or "_" in t for t in search.terms(query)) and len(search.terms(query)) <= search.MAX_TERMS


def test_a_snippet_marks_the_hit_as_it_was_written():
    pieces = search.snippet(
        "Ha portato il permesso, scade a gennaio. " * 20 + "Cucinava alla Città dei Ragazzi.", ["citta"]
    )
    assert ("Città", True) in pieces and pieces[0] == ("…", False)
