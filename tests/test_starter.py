"""`sitegen init`, `new` and `list`: from nothing to a site that builds."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from datetime import date
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from sitegen.cli import main
from sitegen.config import SiteConfig
from sitegen.engine.build import check
from sitegen.engine.options import Options
from sitegen.settings import Section
from sitegen.sources.schema import ARTICLE_FIELDS
from sitegen.starter.article import new_article, yaml_text
from sitegen.starter.origin import requirement
from tests.links import broken_links
from tests.site import ARTICLE, CONFIG, tree, write_site

TODAY = date(2026, 10, 16)
SITE = SiteConfig(title="T", base_url="https://t.example/", sections=(Section("news", "News"),))


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_a_new_site_builds_at_once_without_a_warning(tmp_path: Path) -> None:
    folder = tmp_path / "paper"
    begun = run("init", folder)
    assert begun.exit_code == 0
    written = set(begun.stdout.split())
    assert written == {str(folder / path) for path in tree(folder)}
    assert str(folder / ".github/workflows/site.yml") in written
    assert run("check", "--strict", "--site", folder).output == "no problems.\n"
    built = run("build", "--site", folder)
    assert built.output.startswith("1 article, ")
    assert not broken_links(tree(folder / "output"), "https://host.example/")
    assert "HALDEN ROW" in (folder / "output/index.html").read_text("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_the_article_of_a_new_site_is_seen_at_once_wherever_it_is_begun(tmp_path: Path, zone: str) -> None:
    code = "from sitegen.cli import main; main(prog_name='sitegen')"
    for arguments in (["init", "paper"], ["build", "--site", "paper"]):
        command = [sys.executable, "-c", code, *arguments]
        done = subprocess.run(command, cwd=tmp_path, env={**os.environ, "TZ": zone}, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 article, ")


def test_a_new_site_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "sitegen.toml").write_text("mine")
    said = run("init", tmp_path)
    assert said.exit_code == 1
    assert "sitegen.toml: is there already" in said.output
    assert tree(tmp_path) == {"sitegen.toml": b"mine"}


def test_the_workflow_of_a_new_site_checks_and_builds(tmp_path: Path) -> None:
    run("init", tmp_path)
    workflow = yaml.safe_load((tmp_path / ".github/workflows/site.yml").read_text("utf-8"))
    steps = [step.get("run") for step in workflow["jobs"]["build"]["steps"]]
    assert [step for step in steps if step][1:] == ["sitegen check --format github", "sitegen build"]
    (kept,) = (step["with"]["path"].split() for step in workflow["jobs"]["build"]["steps"] if "cache" in str(step))
    assert kept == [".sitegen", "output"]


def test_the_workflow_gives_strangers_nothing(tmp_path: Path) -> None:
    """Pull requests are checked by a job that may write nothing; what publishes runs nothing of the repository's."""
    run("init", tmp_path)
    workflow = yaml.safe_load((tmp_path / ".github/workflows/site.yml").read_text("utf-8"))
    assert workflow["permissions"] == {}
    build, publish = workflow["jobs"]["build"], workflow["jobs"]["publish"]
    assert build["permissions"] == {"contents": "read"}
    assert build["steps"][0]["with"] == {"persist-credentials": False}
    assert publish["permissions"] == {"pages": "write", "id-token": "write"}
    assert all("run" not in step and "checkout" not in step["uses"] for step in publish["steps"])
    only_main = "github.ref == 'refs/heads/main' && github.event_name != 'pull_request'"
    assert publish["if"] == build["steps"][-1]["if"] == only_main
    for step in (*build["steps"], *publish["steps"]):
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", step.get("uses", f"actions/a@{40 * 'a'}")), step
    text = (tmp_path / ".github/workflows/site.yml").read_text("utf-8")
    # Nothing of the event, which strangers write, is put into a command.
    assert not re.search(r"run:.*\$\{\{", text)
    assert (
        text.count("actions/")
        == text.count("uses: actions/")
        == len(re.findall(r"@[0-9a-f]{40} # v\d+\.\d+\.\d+\n", text))
    )


def test_a_new_article_is_a_dated_draft_that_tells_all_its_fields(tmp_path: Path) -> None:
    write_site(tmp_path)
    said = run("new", "It's a “coat”", "--section", "news", "--site", tmp_path)
    path = Path(said.output.strip())
    assert path.parent == tmp_path / "content/articles/news"
    assert path.name.endswith("-its-a-coat.md")
    text = path.read_text("utf-8")
    assert text.startswith("---\ntitle: It's a “coat”\npublished: 2")
    assert "\ndraft: true\n" in text
    for field in ARTICLE_FIELDS:
        assert f"{field.name}: " in text or field.name == "section"
    assert not check(Options(tmp_path, tmp_path / "output", drafts=True))


def test_every_field_of_a_new_article_works_when_its_mark_is_taken_away(tmp_path: Path) -> None:
    write_site(tmp_path)
    picture = Path(__file__).parent.parent / "content/images/twill.jpg"
    (tmp_path / "content/articles/news/loom.jpg").write_bytes(picture.read_bytes())
    path = tmp_path / new_article(tmp_path, SITE, "A coat", "news", TODAY)
    lines = path.read_text("utf-8").splitlines(keepends=True)
    freed = [line.removeprefix("# ") if line.startswith("# ") and "Take the #" not in line else line for line in lines]
    text = "".join(freed).replace("draft: true", "draft: false")
    path.write_text(text, "utf-8")
    assert [problem.message for problem in check(Options(tmp_path, tmp_path / "output"))] == [
        "the text has not been written: readers see the words that stand for it"
    ]
    path.write_text(text.replace("Write the text here.", "It is written."), "utf-8")
    assert not check(Options(tmp_path, tmp_path / "output"))
    assert run("list", "--site", tmp_path).output.count("A coat") == 1


def test_an_article_is_never_overwritten(tmp_path: Path) -> None:
    write_site(tmp_path)
    assert run("new", "A coat", "--section", "news", "--site", tmp_path).exit_code == 0
    before = tree(tmp_path)
    again = run("new", "A coat!", "--section", "news", "--site", tmp_path)
    assert again.exit_code == 1
    assert "this file is there already" in again.output
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["A coat", "--section", "newz"], 'unknown section "newz"; did you mean "news"?'),
        (["A coat", "--section", "../x"], 'unknown section "../x"'),
        (["  ", "--section", "news"], "the headline is empty"),
    ],
)
def test_what_cannot_be_begun_is_answered(tmp_path: Path, arguments: list[str], said: str) -> None:
    before = tree(write_site(tmp_path))
    done = run("new", *arguments, "--site", tmp_path)
    assert done.exit_code == 1
    assert said in done.output
    assert tree(tmp_path) == before


def test_without_a_section_the_first_one_is_taken_and_named(tmp_path: Path) -> None:
    done = run("new", "A coat", "--site", write_site(tmp_path))
    assert done.exit_code == 0
    assert "no section is named; the article goes to news (--section takes news, making)" in done.output
    assert len(list((tmp_path / "content/articles/news").glob("*-a-coat.md"))) == 1


def test_on_a_terminal_the_section_is_asked_for(tmp_path: Path) -> None:
    write_site(tmp_path)
    ours, theirs = pty.openpty()
    call = [sys.executable, "-m", "sitegen", "new", "A coat", "--site", str(tmp_path)]
    process = subprocess.Popen(call, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    os.write(ours, b"making\n")
    assert process.wait(60) == 0
    assert b"Section (news, making) [news]" in os.read(ours, 4096)
    os.close(ours)
    assert len(list((tmp_path / "content/articles/making").glob("*-a-coat.md"))) == 1


@given(st.text(min_size=1, max_size=60))
def test_any_headline_comes_back_from_its_yaml_as_it_was(headline: str) -> None:
    title = " ".join("".join(sign if sign.isprintable() else " " for sign in headline).split())
    if title and title.isprintable():
        node = yaml.compose(f"title: {yaml_text(title)}", Loader=yaml.CSafeLoader)
        assert node is not None
        assert node.value[0][1].value == title


def listed(root: Path, what: str) -> list[str]:
    done = run("list", what, "--format", "json", "--now", "2026-11-01T12:00", "--site", root)
    assert done.exit_code == 0
    return [entry["title"] for entry in json.loads(done.output)]


def test_articles_are_listed_by_their_state_the_newest_first(tmp_path: Path) -> None:
    def article(title: str, more: str) -> str:
        return ARTICLE.replace("A first headline", title).replace("published: 2026-10-01", more)

    files = {
        "content/articles/news/a.md": article("Draft", "published: 2026-10-02\ndraft: true"),
        "content/articles/news/b.md": article("Waits", "published: 2026-12-24 08:00"),
        "content/articles/news/c.md": article("Gone", "published: 2026-01-01\nexpires: 2026-02-01"),
    }
    write_site(tmp_path, files)
    assert listed(tmp_path, "articles") == ["Waits", "Draft", "A first headline", "Gone"]
    assert listed(tmp_path, "published") == ["A first headline"]
    assert listed(tmp_path, "scheduled") == ["Waits"]
    assert listed(tmp_path, "drafts") == ["Draft"]
    assert listed(tmp_path, "expired") == ["Gone"]
    shown = run("list", "drafts", "--site", tmp_path).output
    assert shown == "2026-10-02  draft      news          Draft  (content/articles/news/a.md)\n"


def test_a_title_does_not_steer_the_terminal(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/articles/news/a.md": ARTICLE.replace("A first headline", '"\\u200fred"')})
    assert "\ufffdred" in run("list", "--site", tmp_path).output


def test_what_cannot_be_listed_is_answered_beside_what_can(tmp_path: Path) -> None:
    write_site(tmp_path, {"content/articles/news/a.md": "no front matter"})
    done = run("list", "--site", tmp_path)
    assert done.exit_code == 1
    assert "A first headline" in done.stdout
    assert "a.md:1:1: no front matter" in done.stderr


def test_a_site_of_one_section_needs_no_section_named(tmp_path: Path) -> None:
    config = CONFIG.partition('[[sections]]\nslug = "making"')[0]
    write_site(tmp_path, {"sitegen.toml": config})
    assert run("new", "日本の布", "--site", tmp_path).exit_code == 0
    assert run("new", "?!", "--site", tmp_path).output.strip().endswith("-untitled.md")


COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        (
            {"url": "https://host.example/a/sitegen.git", "vcs_info": {"vcs": "git", "commit_id": COMMIT}},
            f"sitegen-press @ git+https://host.example/a/sitegen.git@{COMMIT}",
        ),
        (
            {
                "url": "https://host.example/a",
                "vcs_info": {"vcs": "git", "requested_revision": "main", "commit_id": COMMIT},
                "subdirectory": "tools/sitegen",
            },
            f"sitegen-press @ git+https://host.example/a@{COMMIT}#subdirectory=tools/sitegen",
        ),
        (
            {"url": "https://host.example/s.whl", "archive_info": {"hashes": {"sha256": "ab" * 32}}},
            f"sitegen-press @ https://host.example/s.whl#sha256={'ab' * 32}",
        ),
        (
            {"url": "https://host.example/s.whl", "archive_info": {"hash": "sha256=" + "ab" * 32}},
            f"sitegen-press @ https://host.example/s.whl#sha256={'ab' * 32}",
        ),
        # What others cannot read, what has no commit or digest, and what a shell would take for something else.
        ({"url": "file:///home/me/sitegen", "dir_info": {"editable": True}}, ""),
        ({"url": "file:///tmp/s.whl", "archive_info": {"hashes": {"sha256": "ab" * 32}}}, ""),
        ({"url": "ssh://git@host.example/a", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}, ""),
        ({"url": "https://me:secret@host.example/a", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}, ""),
        ({"url": "https://host.example/$(id)", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}, ""),
        ({"url": 'https://host.example/a"; id', "vcs_info": {"vcs": "git", "commit_id": COMMIT}}, ""),
        ({"url": "https://host.example/a", "vcs_info": {"vcs": "git", "commit_id": "main"}}, ""),
        ({"url": "https://host.example/a", "vcs_info": {"vcs": "hg", "commit_id": COMMIT}}, ""),
        ({"url": "https://host.example/s.whl", "archive_info": {}}, ""),
        ({"url": "https://host.example/a", "vcs_info": None, "archive_info": [1]}, ""),
        ({"url": 1}, ""),
        ({}, ""),
        ([], ""),
    ],
)
def test_the_workflow_installs_exactly_this_program_or_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, origin: object, said: str
) -> None:
    class Distribution:
        def read_text(self, name: str) -> str:
            assert name == "direct_url.json"
            return json.dumps(origin)

    monkeypatch.setattr("sitegen.starter.origin.distribution", lambda name: Distribution())
    told = run("init", tmp_path)
    assert ("cannot install sitegen yet" in told.stderr) is (not said)
    workflow = yaml.safe_load((tmp_path / ".github/workflows/site.yml").read_text("utf-8"))
    (first, *_) = [step["run"] for step in workflow["jobs"]["build"]["steps"] if "run" in step]
    if said:
        assert first == f'pip install "{said}"'
    else:
        assert "::error file=.github/workflows/site.yml::" in first and first.endswith("exit 1\n")


def test_nobody_knows_where_a_program_comes_from_that_was_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("sitegen.starter.origin.distribution", missing)
    assert requirement() == ""
