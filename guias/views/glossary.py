"""The glossary as a page: every word, by its first letter."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guias.models import Term


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """Show the words in their order; a letter with words can be gone to."""
    terms = list(Term.objects.all())
    letters = [(letter.upper(), list(found)) for letter, found in groupby(terms, lambda term: term.slug[0])]
    return render(request, "guias/glossary.html", {"letters": letters, "total": len(terms)})
