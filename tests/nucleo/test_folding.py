"""The database and Python fold alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directorio.models import City
from nucleo.folding import fold, folded, words
from tests.factories.directorio import CityFactory


@pytest.mark.parametrize(
    ("text", "plain"), [("Puerto ASÍS", "puerto asis"), ("Ñandú", "nandu"), ("Güepí", "guepi")]
)
def test_python_folds(text, plain):
    assert fold(text) == plain


@pytest.mark.django_db
def test_the_database_folds_the_same():
    name = "ÁÉÍÓÚÜÑ áéíóúüñ Puerto Asís"
    CityFactory(name=name, department="Putumayo")
    row = City.objects.annotate(text=folded("name", "department", "centers__name")).get()
    assert row.text == f"{fold(name)} putumayo "


@given(st.text(max_size=400))
def test_a_query_gives_few_printable_words(text):
    found = words(text)
    assert len(found) <= 8
    assert all(word.strip() and "\x00" not in word for word in found)
