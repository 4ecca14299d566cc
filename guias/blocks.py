"""The pieces a chapter is written with, in Wagtail's editor. They know no model.

Their templates (``templates/blocks/``) serve the screen, the PDF and the one-file HTML; the DOCX walks
the same values. Prose is sanitised when it is shown, so that whatever way it came in it is clean.
"""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks import StreamValue, StructValue
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.rich_text import RichText, expand_db_html

from guias.enums import RESERVED_CHAPTERS
from nucleo.html import clean

PROSE_FEATURES = ["h3", "bold", "italic", "ol", "ul", "link", "document-link", "code"]
SLUG = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
LITERAL_HELP = _("Ponga entre `comillas invertidas` lo que se copia tal cual, por ejemplo `AC_#`.")


def prose(value: RichText | None) -> SafeString:
    """Return the clean HTML of rich text, with links to pages and documents resolved."""
    return mark_safe(clean(expand_db_html(value.source)) if value else "")


class ProseBlock(blocks.RichTextBlock):  # type: ignore[misc]
    """Rich text of paragraphs, lists and links; shown through the sanitiser."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"features": PROSE_FEATURES, **kwargs})

    def get_context(self, value: RichText, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Give the template ``html``, already clean."""
        return {**super().get_context(value, parent_context=parent_context), "html": prose(value)}

    class Meta:
        label = _("Texto")
        icon = "pilcrow"
        template = "blocks/text.html"


class StepBlock(blocks.StructBlock):  # type: ignore[misc]
    """One step: what is done, and how if it needs saying."""

    title = blocks.CharBlock(label=_("Qué se hace"), max_length=160, help_text=LITERAL_HELP)
    text = blocks.TextBlock(label=_("Cómo"), required=False, max_length=1000)


class StepsBlock(blocks.StructBlock):  # type: ignore[misc]
    """Steps in their order."""

    title = blocks.CharBlock(label=_("Título"), required=False, max_length=120)
    items = blocks.ListBlock(StepBlock(label=_("Paso")), label=_("Pasos"), min_num=1)

    class Meta:
        label = _("Pasos")
        icon = "list-ol"
        template = "blocks/steps.html"


class ChecklistBlock(blocks.StructBlock):  # type: ignore[misc]
    """A list that the reader ticks; each item keeps its id from version to version."""

    title = blocks.CharBlock(label=_("Título"), max_length=120)
    items = blocks.ListBlock(
        blocks.CharBlock(max_length=240, help_text=LITERAL_HELP), label=_("Qué se revisa"), min_num=1
    )
    note = blocks.TextBlock(label=_("Nota al pie"), required=False, max_length=400)

    class Meta:
        label = _("Lista de chequeo")
        icon = "tick-inverse"
        template = "blocks/checklist.html"


class CalloutBlock(blocks.StructBlock):  # type: ignore[misc]
    """A word aside: a tip, a warning, an example."""

    tone = blocks.ChoiceBlock(
        label=_("Clase"),
        choices=[("info", _("Para tener en cuenta")), ("ok", _("Buena práctica")), ("warn", _("Cuidado"))],
        default="info",
    )
    title = blocks.CharBlock(label=_("Primeras palabras"), required=False, max_length=120)
    text = ProseBlock(features=["bold", "italic", "link", "code"])

    class Meta:
        label = _("Recuadro")
        icon = "info-circle"
        template = "blocks/callout.html"


class TableValue(StructValue):  # type: ignore[misc]
    """A table read from its text."""

    @cached_property
    def lines(self) -> list[list[str]]:
        """Every row with the same number of cells, the head first."""
        rows = [
            [cell.strip() for cell in re.split(r"\t|\s*\|\s*", line.strip().strip("|"))]
            for line in self["text"].splitlines()
            if line.strip() and not re.fullmatch(r"[\s|:-]+", line)
        ]
        width = max((len(row) for row in rows), default=0)
        return [row + [""] * (width - len(row)) for row in rows]

    @property
    def head(self) -> list[str]:
        """The names of the columns."""
        return self.lines[0] if self.lines else []

    @property
    def rows(self) -> list[list[str]]:
        """All rows below the head."""
        return self.lines[1:]

    @property
    def named_rows(self) -> list[list[tuple[str, str]]]:
        """Rows of (column, cell): on a phone each cell carries the name of its column."""
        return [list(zip(self.head, row, strict=True)) for row in self.rows]


class TableBlock(blocks.StructBlock):  # type: ignore[misc]
    """A small table, written or pasted as text."""

    caption = blocks.CharBlock(label=_("Qué muestra la tabla"), max_length=160)
    text = blocks.TextBlock(
        label=_("Filas"),
        help_text=_(
            "Pegue la tabla desde Excel, o escriba una fila por línea y separe las columnas con |. "
            "La primera fila lleva los nombres de las columnas."
        ),
    )

    def clean(self, value: TableValue) -> TableValue:
        """Refuse a table without rows under its head."""
        cleaned: TableValue = super().clean(value)
        if not cleaned.rows:
            raise blocks.StructBlockValidationError(
                block_errors={"text": ValidationError(_("Le falta al menos una fila debajo de los nombres."))}
            )
        return cleaned

    class Meta:
        label = _("Tabla")
        icon = "table"
        value_class = TableValue
        template = "blocks/table.html"


class FigureBlock(blocks.StructBlock):  # type: ignore[misc]
    """A picture with the words that replace it."""

    image = ImageChooserBlock(label=_("Imagen"))
    alt = blocks.CharBlock(
        label=_("Qué se ve"), max_length=240, help_text=_("Lo que oye quien no puede ver la imagen.")
    )
    caption = blocks.CharBlock(label=_("Pie"), required=False, max_length=240)

    class Meta:
        label = _("Figura")
        icon = "image"
        template = "blocks/figure.html"


class FichaBlock(blocks.StructBlock):  # type: ignore[misc]
    """A process sheet in its usual form."""

    title = blocks.CharBlock(label=_("Proceso"), max_length=160)
    purpose = blocks.TextBlock(label=_("Para qué"), max_length=600)
    who = blocks.CharBlock(label=_("Quién lo hace"), max_length=240)
    inputs = blocks.ListBlock(blocks.CharBlock(max_length=240), label=_("Qué se necesita"), default=[])
    steps = blocks.ListBlock(blocks.CharBlock(max_length=400), label=_("Pasos"), min_num=1)
    time = blocks.CharBlock(label=_("Cuánto tarda"), required=False, max_length=160)
    formats = blocks.ListBlock(blocks.CharBlock(max_length=240), label=_("Formatos"), default=[])

    class Meta:
        label = _("Ficha de proceso")
        icon = "clipboard-list"
        template = "blocks/ficha.html"


class FileBlock(blocks.StructBlock):  # type: ignore[misc]
    """A format to download from inside the chapter."""

    document = DocumentChooserBlock(label=_("Archivo"))
    title = blocks.CharBlock(label=_("Cómo se llama"), required=False, max_length=160)

    class Meta:
        label = _("Archivo")
        icon = "doc-full"
        template = "blocks/file.html"


class ContentBlock(blocks.StreamBlock):  # type: ignore[misc]
    """All that may stand inside a chapter."""

    heading = blocks.CharBlock(
        label=_("Subtítulo"), icon="title", max_length=120, template="blocks/heading.html"
    )
    text = ProseBlock()
    steps = StepsBlock()
    checklist = ChecklistBlock()
    callout = CalloutBlock()
    table = TableBlock()
    figure = FigureBlock()
    ficha = FichaBlock()
    file = FileBlock()

    def bulk_to_python(self, values: Any) -> list[StreamValue]:
        """Read the blocks of chapters when somebody looks at them: most pages show one chapter or none."""
        chapters: list[_Blocks] = []
        looked_at: set[str] = set()
        chapters += (_Blocks(self.to_python(value), chapters, looked_at) for value in values)
        return list(chapters)


class _Blocks(StreamValue):  # type: ignore[misc]
    """The blocks of one chapter of several.

    Wagtail would read those of all at once, with figures and files. Here what is looked at first is read
    alone, and with the second chapter all the others: whoever shows a whole guide asks twice, not once each.
    """

    def __init__(self, value: StreamValue, chapters: list[_Blocks], looked_at: set[str]) -> None:
        super().__init__(value.stream_block, list(value.raw_data), is_lazy=True)
        self._chapters = chapters
        self._looked_at = looked_at
        """Kinds of blocks that were read of one chapter."""

    def _prefetch_blocks(self, type_name: str) -> None:
        chapters = self._chapters if type_name in self._looked_at else [self]
        self._looked_at.add(type_name)
        waiting = [
            (chapter, place, raw)
            for chapter in chapters
            for place, raw in enumerate(chapter._raw_data)
            if chapter._bound_blocks[place] is None and raw["type"] == type_name
        ]
        block = self.stream_block.child_blocks[type_name]
        values = block.bulk_to_python([raw["value"] for _chapter, _place, raw in waiting])
        for (chapter, place, raw), value in zip(waiting, values, strict=True):
            chapter._bound_blocks[place] = StreamValue.StreamChild(block, value, id=raw.get("id"))


class ChapterBlock(blocks.StructBlock):  # type: ignore[misc]
    """A chapter: its address is its slug, which stays when the title is mended."""

    title = blocks.CharBlock(label=_("Título"), max_length=120)
    slug = blocks.CharBlock(
        label=_("Dirección"),
        required=False,
        max_length=80,
        help_text=_(
            "Vacía, se hace con el título. No la cambie de una versión a otra: "
            "hay enlaces y papeles con ella."
        ),
    )
    summary = blocks.ListBlock(
        blocks.CharBlock(max_length=240),
        label=_("Lo principal"),
        max_num=5,
        default=[],
        help_text=_("Dos a cinco frases que bastan a quien no va a leer el resto."),
    )
    blocks = ContentBlock(label=_("Contenido"))

    def clean(self, value: StructValue) -> StructValue:
        """Give the chapter an address, and refuse one that the site uses for something else."""
        cleaned = super().clean(value)
        slug = cleaned["slug"] or slugify(cleaned["title"])[:80].strip("-")
        if not SLUG.match(slug) or slug in RESERVED_CHAPTERS or re.fullmatch(r"v\d+", slug):
            raise blocks.StructBlockValidationError(
                block_errors={
                    "slug": ValidationError(
                        _("Use letras sin tilde, números y guiones; «%(slug)s» no se puede usar."),
                        params={"slug": slug},
                    )
                }
            )
        cleaned["slug"] = slug
        return cleaned

    class Meta:
        label = _("Capítulo")
        icon = "doc-empty"
        label_format = "{title}"


class ChaptersBlock(blocks.StreamBlock):  # type: ignore[misc]
    """The chapters of a version, in order, no two at the same address."""

    chapter = ChapterBlock()

    def clean(self, value: StreamValue) -> StreamValue:
        """Refuse two chapters with one address."""
        cleaned = super().clean(value)
        seen: set[str] = set()
        for position, child in enumerate(cleaned):
            slug = child.value["slug"]
            if slug in seen:
                raise blocks.StreamBlockValidationError(
                    block_errors={
                        position: ValidationError(
                            _("Otro capítulo ya usa la dirección «%(slug)s»."), params={"slug": slug}
                        )
                    }
                )
            seen.add(slug)
        return cleaned


MIN_OPTIONS, MAX_OPTIONS = 2, 6


class LessonsBlock(blocks.StreamBlock):  # type: ignore[misc]
    """The chapters that a course is built of, in the order in which they are read."""

    chapter = blocks.CharBlock(
        label=_("Capítulo"),
        max_length=240,
        help_text=_(
            "Abra el capítulo en el portal, copie su dirección y péguela aquí. El curso muestra siempre la "
            "versión vigente."
        ),
    )


class OptionBlock(blocks.StructBlock):  # type: ignore[misc]
    """One thing that may be answered."""

    text = blocks.CharBlock(label=_("Respuesta"), max_length=240)
    right = blocks.BooleanBlock(label=_("Es la correcta"), required=False)


class QuestionBlock(blocks.StructBlock):  # type: ignore[misc]
    """A question with its options, exactly one of them right, and why."""

    text = blocks.CharBlock(label=_("Pregunta"), max_length=240)
    options = blocks.ListBlock(
        OptionBlock(label=_("Respuesta")),
        label=_("Respuestas"),
        min_num=MIN_OPTIONS,
        max_num=MAX_OPTIONS,
    )
    why = blocks.TextBlock(
        label=_("Por qué"), max_length=600, help_text=_("Se muestra enseguida, acierte o no.")
    )

    def clean(self, value: StructValue) -> StructValue:
        """Refuse a question without a right answer, or with two."""
        cleaned = super().clean(value)
        if sum(bool(option["right"]) for option in cleaned["options"]) != 1:
            raise ValidationError(_("Marque cuál respuesta es la correcta: una, y solo una."))
        return cleaned


class QuestionsBlock(blocks.StreamBlock):  # type: ignore[misc]
    """The short check of understanding."""

    question = QuestionBlock(label=_("Pregunta"), icon="form")
