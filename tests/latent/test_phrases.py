import pytest

from genstudio.latent.phrases import phrases_in, phrases_name


def test_a_name_gives_its_phrases_back():
    assert phrases_in(phrases_name(" sad  face", "happy")) == ("sad face", "happy")


@pytest.mark.parametrize("name", ["warmth", "sad -> ", " -> happy", "principal 1", "sad->happy"])
def test_other_names_hold_no_phrases(name):
    assert phrases_in(name) is None


def test_what_would_read_as_something_else_is_left_out_of_a_phrase():
    name = phrases_name("a -> b@3=4", "x" * 500)
    assert phrases_in(name) == ("a b 3 4", "x" * 90)
