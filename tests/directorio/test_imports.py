"""Tables that come in: a sentence for each bad row, nothing written by a rehearsal, no duplicates."""

import io

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from directorio.imports import Unreadable, import_file
from directorio.models import Center, Institution, LaunchState, Supplier
from tests.factories.directorio import CenterFactory, CityFactory, InstitutionFactory, SupplierFactory
from tests.factories.papers import lying, spoilt

pytestmark = pytest.mark.django_db
HEADER = "Proveedor,Ciudad,Sector,Qué vende,NIT,Autoriza\n"


@pytest.fixture
def ibague():
    return CityFactory(name="Ibagué", slug="ibague")


@pytest.fixture
def written(tmp_path):
    def write(text, name="tabla.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_suppliers_come_in_with_accents_or_without(ibague, written):
    path = written(HEADER + "Pan Uno,ibague,ALIMENTOS,Pan: diario;Tortas,899.999.003-1,sí\n")
    report = import_file(path)
    assert (report.created, report.updated, report.errors) == (1, 0, [])
    supplier = Supplier.objects.get()
    assert (supplier.city, supplier.trade, supplier.nit) == (ibague, "alimentos", "899999003-1")
    assert supplier.product_lines == [("Pan", "diario"), ("Tortas", "")]
    assert supplier.consent
    assert not supplier.is_demo


def test_each_bad_row_has_its_number_and_sentence_and_stops_no_other(ibague, written):
    path = written(
        HEADER
        + "Uno,Ibagué,Alimentos,Pan,,\n"
        + "\n"
        + "Dos,París,Alimentos,Pan,,\n"
        + "Tres,Ibagué,Magia,Pan,,\n"
        + "Cuatro,Ibagué,Aseo,Aseo,899999003-2,\n"
        + "Uno,ibagué,Aseo,Otra cosa,,\n"
        + ",Ibagué,Aseo,Aseo,,\n"
    )
    report = import_file(path)
    assert report.created == 1
    told = {error.row: error.sentence for error in report.errors}
    assert set(told) == {4, 5, 6, 7, 8}
    assert "París" in told[4]
    assert "Magia" in told[5]
    assert "dígito de verificación" in told[6]
    assert "fila 2" in told[7]
    assert told[8].startswith("nombre")


def test_a_dry_run_writes_nothing(ibague, written):
    from search.models import PendingChange

    report = import_file(written(HEADER + "Uno,Ibagué,Aseo,Aseo,,\n"), dry_run=True)
    assert report.created == 1
    assert not Supplier.objects.exists()
    assert not PendingChange.objects.exists()


def test_what_exists_is_found_by_nit_and_by_name(ibague, written):
    by_nit = SupplierFactory(name="Viejo", nit="899999003-1", city=ibague)
    by_name = SupplierFactory(name="Pan Uno", city=ibague)
    rows = "Nuevo nombre,Ibagué,Aseo,Aseo,899999003-1,\nPAN UNO,Ibagué,Aseo,Pan,,\n"
    report = import_file(written(HEADER + rows))
    assert (report.created, report.updated) == (0, 2)
    by_nit.refresh_from_db()
    by_name.refresh_from_db()
    assert by_nit.name == "Nuevo nombre"
    assert by_name.trade == "aseo"


def test_a_column_that_does_not_come_is_left_alone(ibague, written):
    SupplierFactory(name="Uno", city=ibague, email="a@demo.example", consent=True)
    import_file(written("proveedor;ciudad;sector;qué vende\nUno;Ibagué;Aseo;Aseo\n"))
    supplier = Supplier.objects.get()
    assert supplier.email == "a@demo.example"
    assert supplier.consent


def test_institutions_are_recognised_by_acronym_and_old_encodings_read(ibague, written):
    InstitutionFactory(name="Servicio Nacional de Aprendizaje", acronym="SENA")
    text = "institución,sigla,sector,ciudades\nSENA,SENA,Público,Todo el país\nCámara nueva,,gremio,Ibagué\n"
    report = import_file(written(text, encoding="cp1252"))
    assert (report.created, report.updated, report.errors) == (1, 1, [])
    assert Institution.objects.get(acronym="SENA").name == "Servicio Nacional de Aprendizaje"
    assert list(Institution.objects.get(slug="camara-nueva").cities.all()) == [ibague]


def test_centres_come_from_a_workbook(ibague, tmp_path):
    body = InstitutionFactory(name="Alcaldía de Ibagué")
    book = Workbook()
    book.active.append(["Centro", "Ciudad", "Modalidad", "Apertura", "Lanzamiento", "Socios"])
    book.active.append(["COEE de prueba", "Ibagué", "COEE", "2014-08-27", None, "Alcaldía de Ibagué"])
    book.active.append(["Otro", "Ibagué", "COEE", "ayer", None, ""])
    book.active.append(["Otro más", "Ibagué", "COEE", "", None, "Nadie"])
    path = tmp_path / "centros.xlsx"
    book.save(path)
    report = import_file(path)
    assert report.created == 1
    center = Center.objects.get()
    assert center.launch_state == LaunchState.PENDING
    assert list(center.partners.all()) == [body]
    assert [error.row for error in report.errors] == [3, 4]
    assert "27/08/2014" in report.errors[0].sentence


def test_our_own_export_comes_back_in(ibague, client, tmp_path):
    center = CenterFactory(city=ibague, phone="+57 1")
    path = tmp_path / "centros.csv"
    path.write_bytes(b"".join(client.get("/directorio/centros.csv").streaming_content))
    report = import_file(path)
    assert (report.updated, report.created, report.errors, report.unknown_headers) == (1, 0, [], [])
    before = center.phone
    center.refresh_from_db()
    assert center.phone == before


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        ("", "vacio.csv", "primera fila"),
        ("a,b\n1,2\n", "otro.csv", "columnas"),
        ("hola", "foto.png", "CSV y XLSX"),
        ("no es un libro", "falso.xlsx", "XLSX"),
    ],
)
def test_a_file_that_cannot_be_taken_is_told_as_a_whole(written, text, name, says):
    with pytest.raises(Unreadable, match=says):
        import_file(written(text, name))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda book: lying(book, "xl/sharedStrings.xml", megabytes=120), "se infla"),
        (lambda book: lying(book, "xl/sharedStrings.xml", megabytes=1), "está dañado"),
        (lambda book: spoilt(book, "xl/styles.xml"), "está dañado"),
    ],
)
def test_a_workbook_is_opened_to_its_end_before_it_is_read(tmp_path, spoil, says):
    book = io.BytesIO()
    Workbook().save(book)
    path = tmp_path / "centros.xlsx"
    path.write_bytes(spoil(book.getvalue()))
    with pytest.raises(Unreadable, match=says):
        import_file(path)


def test_the_command_tells_rows_and_fails_when_there_are_errors(ibague, written, capsys):
    path = written(HEADER + "Uno,Ibagué,Aseo,Aseo,,\nDos,París,Aseo,Aseo,,\n")
    with pytest.raises(CommandError):
        call_command("import_directory", str(path), dry_run=True)
    out = capsys.readouterr()
    assert "Fila 3:" in out.err
    assert "ensayo" in out.out
    with pytest.raises(CommandError, match="No hay un archivo"):
        call_command("import_directory", str(path) + "x")
