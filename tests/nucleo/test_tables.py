"""Cells that cannot run, and tables that are sent while they are made."""

import asyncio
import datetime as dt
import io

import pytest
from django.test import AsyncRequestFactory, RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from nucleo.tables import BOM, csv_lines, csv_response, safe_cell, xlsx_response


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "\u00a0@"])
def test_formulas_are_disarmed(start):
    assert safe_cell(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (-3, "-3"),
        (True, "sí"),
        (False, "no"),
        (dt.date(2015, 3, 31), "2015-03-31"),
        ("Ñandú 3-4", "Ñandú 3-4"),
        ("", ""),
    ],
)
def test_the_rest_is_written_as_it_is(value, text):
    assert safe_cell(value) == text


@given(st.text())
def test_no_text_ever_starts_a_formula(text):
    assert not safe_cell(text).lstrip(" \u00a0").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_a_csv_starts_with_its_mark_and_quotes_what_needs_it():
    text = "".join(csv_lines(["a", "=b"], [["x,y", 'dice "hola"']]))
    assert text == f'{BOM}a,\'=b\r\n"x,y","dice ""hola"""\r\n'


def test_rows_are_drawn_only_as_chunks_are_sent():
    drawn = []

    def rows():
        for number in range(1000):
            drawn.append(number)
            yield [number]

    pieces = csv_lines(["n"], rows())
    next(pieces)
    assert len(drawn) == 200


def test_both_kinds_of_server_get_the_same_text():
    rows = [[number] for number in range(450)]
    plain = csv_response(RequestFactory().get("/"), ["n"], iter(rows), filename="a.csv")
    request = AsyncRequestFactory().get("/")
    served = csv_response(request, ["n"], iter(rows), filename="a.csv")

    async def collect():
        return b"".join([piece async for piece in served.streaming_content])

    assert served.is_async
    assert not plain.is_async
    assert asyncio.run(collect()) == b"".join(plain.streaming_content)
    assert plain["Content-Disposition"] == 'attachment; filename="a.csv"'


def test_a_workbook_holds_text_not_formulas():
    response = xlsx_response(
        ["a"], [["=1+1"], [dt.date(2015, 3, 31)], [7], ["con\x0bcontrol"]], filename="a.xlsx", sheet="Hoja"
    )
    sheet = load_workbook(io.BytesIO(response.content)).active
    assert [cell.value for cell in sheet["A"]] == ["a", "'=1+1", dt.datetime(2015, 3, 31), 7, "concontrol"]
    assert all(cell.data_type != "f" for cell in sheet["A"])
