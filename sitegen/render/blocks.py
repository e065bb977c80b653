"""What blocks of a text become: cells of tables, quotations, figures."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.token import Token

CAPTIONED = "captioned"
"""The class of an element around a picture in a line of text and its caption."""


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


def pictures_of(children: Sequence[Token]) -> list[list[Token]]:
    """The pictures of a paragraph that holds nothing else, each perhaps inside a link; of any other one none."""
    found: list[list[Token]] = []
    is_in_link = False
    for child in children:
        if child.type == "image" and not is_in_link:
            found.append([child])
        elif child.type == "link_open":
            is_in_link = True
            found.append([child])
        elif child.type == "image":
            found[-1].append(child)
        elif child.type == "link_close":
            is_in_link = False
            found[-1].append(child)
        elif child.type not in ("softbreak", "hardbreak") and (child.type != "text" or child.content.strip()):
            return []
    return found if all(any(one.type == "image" for one in group) for group in found) else []


def is_silent(children: Sequence[Token], closing: Token) -> bool:
    """Whether the link that ends here holds a picture without a description, and no words."""
    stop = next(at for at, one in enumerate(children) if one is closing)
    start = max(at for at in range(stop) if children[at].type == "link_open")
    inside = children[start + 1 : stop]
    has_picture = any(one.type == "image" and not one.content for one in inside)
    return has_picture and not any(one.content.strip() for one in inside)


def make_figures(pictures: Sequence[Sequence[Token]], token: Token, opening: Token, closing: Token) -> list[str]:
    """A paragraph of pictures becomes a figure, or several that stand together; returns their captions."""
    # In a list without blank lines between its entries, paragraphs have no tags.
    opening.hidden = closing.hidden = False
    captions = [" ".join(filter(None, map(take_caption, group))) for group in pictures]
    figures = [
        [*group, *(_caption("figcaption", caption) if caption else ())]
        for group, caption in zip(pictures, captions, strict=True)
    ]
    if len(figures) == 1:
        opening.tag = closing.tag = "figure"
        token.children = figures[0]
    else:
        opening.tag = closing.tag = "div"
        opening.attrSet("class", "pictures")
        around = Token("figure_open", "figure", 1), Token("figure_close", "figure", -1)
        token.children = [one for figure in figures for one in (around[0], *figure, around[1])]
    return captions


def caption_pictures(token: Token) -> list[str]:
    """Puts the caption of each picture in a line of text below it; returns the captions."""
    captions: list[str] = []
    children: list[Token] = []
    for child in token.children or ():
        caption = take_caption(child)
        if not caption:
            children.append(child)
            continue
        captions.append(caption)
        around = _opening("span", CAPTIONED), Token("span_close", "span", -1)
        children += [around[0], child, Token("text", "", 0, content=" "), *_caption("span", caption), around[1]]
    token.children = children
    return captions


def take_caption(token: Token) -> str:
    """The caption of a picture, which is its title in Markdown; it is then the picture's title no more."""
    return str(token.attrs.pop("title", "")) if token.type == "image" else ""


def is_caption(token: Token) -> bool:
    """Whether a token holds the words of a caption."""
    return bool(token.meta.get("caption"))


def _caption(tag: str, words: str) -> list[Token]:
    opening = _opening(tag, "caption" if tag == "span" else "")
    return [opening, Token("text", "", 0, content=words, meta={"caption": True}), Token("caption_close", tag, -1)]


def _opening(tag: str, name: str) -> Token:
    return Token(f"{tag}_open", tag, 1, attrs={"class": name} if name else {})
