"""The documentation and the schemas say what the program does."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from click.testing import CliRunner

from sitegen.cli import main
from sitegen.config import load_config
from sitegen.reference import CHAPTERS, NAMES, Chapter, documentation, json_schema
from sitegen.settings import SETTINGS
from tests.site import write_site
from tools import themedocs

ROOT = Path(__file__).parent.parent


def test_the_documentation_is_current() -> None:
    assert (ROOT / "docs/content.md").read_text("utf-8") == documentation(), "run make docs"


def test_the_documentation_of_themes_is_current_and_explains_every_field() -> None:
    assert (ROOT / "docs/themes.md").read_text("utf-8") == themedocs.documentation(), "run make docs"
    for view in themedocs.all_views():
        assert list(themedocs.explanations(view)) == list(view.__struct_fields__), view


def test_the_documentation_names_every_field_and_setting() -> None:
    text = documentation()
    for chapter in CHAPTERS:
        for field in chapter.fields:
            assert f"| `{field.name}`" in text
    for setting in SETTINGS:
        assert f"| `{'.'.join(setting.path)}`" in text


@pytest.mark.parametrize("name", NAMES)
def test_every_schema_is_printed_as_json(name: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["schema", name, "--site", str(tmp_path)])
    assert json.loads(done.output) == json_schema(name)


def test_in_a_site_the_schema_knows_its_sections(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["schema", "front-matter", "--site", str(write_site(tmp_path))])
    assert json.loads(done.output)["properties"]["section"]["enum"] == ["news", "making"]


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: ".".join(setting.path))
def test_the_example_of_every_setting_is_accepted(setting: Any) -> None:
    *table, name = setting.path
    line = f"{name} = {setting.example}\n"
    needed = "".join(
        f"{other.path[0]} = {other.example}\n" for other in SETTINGS if other.required and other is not setting
    )
    text = needed + (f"[{table[0]}]\n{line}" if table else line)
    config, problems = load_config(text, "sitegen.toml")
    assert not problems
    assert config is not None


def values_of(text: str) -> Any:
    """YAML as editors read it (YAML 1.2): dates are texts."""
    return _typed(yaml.load(text, Loader=yaml.BaseLoader))


def _typed(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: _typed(value) for name, value in node.items()}
    if isinstance(node, list):
        return [_typed(value) for value in node]
    if node in ("true", "false"):
        return node == "true"
    return int(node) if node.isdigit() else node


def accepts(name: str, values: Any) -> bool:
    return bool(jsonschema.Draft202012Validator(json_schema(name)).is_valid(values))


@pytest.mark.parametrize("name", NAMES)
def test_every_schema_is_one(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema(name))


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: str(chapter.name))
def test_a_schema_accepts_every_example_and_refuses_slips(chapter: Chapter) -> None:
    good = {field.name: values_of(field.example) for field in chapter.fields}

    def fits(values: dict[str, Any]) -> bool:
        return accepts(chapter.name, [values] if chapter.listed else values)

    assert fits(good)
    assert not fits({**good, "titel": "x"})
    for field in chapter.fields:
        assert not fits({**good, field.name: {"no": ["such", "group"]}})
        if field.required:
            assert not fits({name: value for name, value in good.items() if name != field.name})


def test_the_schema_of_the_settings_accepts_the_bundled_sites_and_refuses_slips() -> None:
    texts = [ROOT / "sitegen.toml", ROOT / "sitegen/starter/files/sitegen.toml"]
    for values in (tomllib.loads(path.read_text("utf-8")) for path in texts):
        assert accepts("config", values)
        assert not accepts("config", {**values, "titel": "x"})
        assert not accepts("config", {**values, "jobs": {"sidebar_count": "8"}})
        assert not accepts("config", {**values, "base_url": "host.example"})


def test_the_schemas_accept_the_bundled_site() -> None:
    assert accepts("jobs", values_of((ROOT / "content/jobs.yaml").read_text("utf-8")))
    assert accepts("ads", values_of((ROOT / "content/ads.yaml").read_text("utf-8")))
    for path in (ROOT / "content/articles").rglob("*.md"):
        assert accepts("front-matter", values_of(path.read_text("utf-8").split("---\n")[1])), path
    for path in (ROOT / "content/pages").rglob("*.md"):
        assert accepts("page", values_of(path.read_text("utf-8").split("---\n")[1])), path
