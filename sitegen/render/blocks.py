"""What blocks of a text become: cells of tables, quotations, figures."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.token import Token


def cell(token: Token) -> None:
    """Classes instead of style attributes, which a strict content security policy forbids."""
    style = token.attrs.pop("style", None)
    if style:
        token.attrSet("class", str(style).replace("text-align:", "align-"))
    if token.type == "th_open":
        token.attrSet("scope", "col")


PULL_QUOTE = 160
"""Characters, about six lines of a narrow column: what is longer is set as text."""


def quotation(tokens: Sequence[Token], start: int) -> None:
    """A quotation's last paragraph that begins with a dash names whose it is; a short one is a pull quote."""
    level = tokens[start].level
    stop = next(i for i in range(start + 1, len(tokens)) if tokens[i].level == level)
    inside = tokens[start + 1 : stop]
    paragraphs = [(inside[i - 1], token) for i, token in enumerate(inside) if token.type == "inline"]
    if len(inside) != 3 * len(paragraphs) or not paragraphs:
        return
    opening, last = paragraphs[-1]
    if len(paragraphs) > 1 and last.content.lstrip().startswith(("— ", "– ", "-- ", "--- ")):
        opening.attrSet("class", "attribution")
        paragraphs.pop()
    if level == 0 and sum(len(token.content) for _, token in paragraphs) <= PULL_QUOTE:
        tokens[start].attrSet("class", "pull")


def is_figure(children: Sequence[Token]) -> bool:
    """One picture alone, perhaps inside a link."""
    kinds = [child.type for child in children if child.type != "text" or child.content.strip()]
    return kinds in (["image"], ["link_open", "image", "link_close"])


def make_figure(token: Token, opening: Token, closing: Token) -> str:
    """A picture alone in a paragraph is a figure; its title is the caption, which is returned."""
    opening.tag = closing.tag = "figure"
    children = token.children or []
    image = next(child for child in children if child.type == "image")
    caption = str(image.attrs.pop("title", ""))
    if caption:
        words = Token("text", "", 0, content=caption)
        mark = Token("figcaption_open", "figcaption", 1), words, Token("figcaption_close", "figcaption", -1)
        token.children = [*children, *mark]
    return caption
