from core import audit


def test_it_lives(as_giulia, as_nobody, as_ada, case, app):
    assert as_nobody.get("/", 303).location.startswith("/sign-in")
    assert audit.verify().broken_at is None
