"""axe-core (https://github.com/dequelabs/axe-core), which holds an open page against the rules of accessibility."""

from __future__ import annotations

from functools import cache
from typing import Any

from tests.checkers.programs import node_package
from tests.reader import Reader

RUN = """
const told = arguments[0];
axe.run(document, { resultTypes: ["violations"] }).then(
  ({ violations }) => told(violations.flatMap(({ id, help, nodes }) => nodes.map((node) => [id, help, node.html]))),
  (error) => told([["error", String(error), ""]]),
);
"""


@cache
def _source() -> str:
    return node_package("axe-core/axe.min.js").read_text("utf-8")


def axe(reader: Reader) -> list[str]:
    """What is wrong with the open page, as `rule: what it asks: element`."""
    # By way of the debugger: the page's policy allows no script of ours.
    reader.command("Runtime.evaluate", expression=_source())
    found: list[list[Any]] = reader.driver.execute_async_script(RUN)
    return [f"{rule}: {asked}: {element[:200]}" for rule, asked, element in found]
