"""What a theme's templates cannot reach, and that whoever wrote one is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.problems import SiteError
from tests.site import build_site, write_site

WAYS_OUT = (
    "{{ ''.__class__ }}",
    "{{ page.title.__class__.__mro__ }}",
    "{{ page['__class__'] }}",
    "{% set n = '__cl' ~ 'ass__' %}{{ page[n] }}",
    "{% set n = ['__class__'] %}{{ page[n[0]] }}",
    "{{ page|attr('__class__') }}",
    "{{ [page]|map('attr', '__class__')|list }}",
    "{{ [page]|map(attribute='__class__')|list }}",
    "{{ [page]|map(attribute='title.__class__')|list }}",
    "{{ [page]|groupby('__class__') }}",
    "{{ [page]|sort(attribute='__class__') }}",
    "{{ [page, page]|unique(attribute='__class__')|list }}",
    "{{ [page]|sum(attribute='__class__') }}",
    "{{ [page]|max(attribute='__class__') }}",
    "{{ [page]|selectattr('__class__')|list }}",
    "{{ [page]|rejectattr('__class__')|list }}",
    "{{ '{0.__class__}'.format(page) }}",
    "{{ '{0.__class__}'['format'](page) }}",
    "{{ '{0.__class__}'['for' ~ 'mat'](page) }}",
    "{% set f = '{0.__class__}'.format %}{{ f(page) }}",
    "{{ ('{0.__class__}'|safe).format(page) }}",
    "{{ '{a.__class__}'.format_map({'a': page}) }}",
    "{{ dict.mro() }}",
    "{{ ([1]|map('upper')).gi_frame.f_globals }}",
    "{{ _.__globals__ }}",
    "{{ asset.__self__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ namespace().__class__ }}",
    "{% for a in [1] %}{{ loop._iterator }}{% endfor %}",
    "{% import 'parts/fonts.html' as m %}{{ m.__dict__ }}",
    "{% import 'parts/fonts.html' as m %}{{ m['_' ~ '_dict__'] }}",
    "{% macro m() %}{% endmacro %}{{ m._func }}",
    "{% trans a=page.__class__ %}{{ a }}{% endtrans %}",
    "{% if page.__class__ is defined %}{% endif %}",
    "{{ lipsum }}",
)


@pytest.mark.parametrize("source", WAYS_OUT)
def test_no_template_reaches_what_is_pythons_own(tmp_path: Path, source: str) -> None:
    template = "themes/default/templates/404.html"
    root = write_site(tmp_path, {template: f"<title>x</title>\n{source}\n"})
    with pytest.raises(SiteError) as caught:
        build_site(root)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == (template, 2), problem
    assert problem.hint or "did you mean" in problem.message
    assert "Python's own" in problem.message or "unknown filter" in problem.message or "not known" in problem.message


WITHIN = (
    ("{{ '%s-%s' % (1, 2) }}", "1-2"),
    ("{{ '%03d'|format(7) }}", "007"),
    ("{{ {'a': 5}['a'] }}{{ [1, 2][1] }}", "52"),
    ("{{ [{'b': 1}, {'b': 2}]|map(attribute='b')|join('+') }}", "1+2"),
    ("{{ 'a,b'.split(',')|join }}", "ab"),
)


@pytest.mark.parametrize(("source", "said"), WITHIN)
def test_what_themes_do_is_as_it_was(tmp_path: Path, source: str, said: str) -> None:
    template = "themes/default/templates/404.html"
    build_site(write_site(tmp_path, {template: f"<title>x</title><p>{source}</p>"}))
    assert f"<p>{said}</p>" in (tmp_path / "output/404.html").read_text("utf-8")
