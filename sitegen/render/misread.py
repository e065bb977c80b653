"""What a writer meant as Markdown and the parser takes for words: readers would see the signs.

Each slip is looked for in what is left of a block once the parser has taken its links, pictures, code and escapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.token import Token
from msgspec import Struct

HELD = "\ufffc"
"""Stands for what the parser has understood: code, a picture, a sign behind a backslash."""
_NEAR = 300
"""Characters on each side in which the rest of a link is looked for."""


def may_hold_slips(words: str) -> bool:
    """Whether a block holds any of the characters that slips are made of; most blocks hold none."""
    # A chain of `in` is asked for every block, and takes a fifth of the time of any() or of a pattern.
    return (
        "[" in words
        or "](" in words
        or "{" in words
        or "**" in words
        or "://" in words
        or "##" in words
        or "-|" in words
        or "- |" in words
    )


READS_AS_PROSE = re.compile(r"^[^\W\d_]+(?:,? [^\W\d_]+){3}(?![^.\n]*[{};=<>])", re.MULTILINE)
"""Whether code is rather a sentence: four words in a row, and no sign of a program in the same line."""


class Slip(Struct, frozen=True):
    """`typed` is where it begins, as it stands in the text. What `loses` a link or a picture is a problem."""

    typed: str
    message: str
    hint: str
    loses: bool = False


def slips(words: str) -> Iterator[Slip]:
    """All slips in the words of one block."""
    if "](" in words:
        yield from _not_linked(words)
    yield from _spaced(words)
    if "[" in words:
        yield from _unbalanced(words)
        yield from _undefined(words)
        yield from _shortcodes_of_wordpress(words)
    if "{" in words:
        yield from _tags_of_templates(words)
    if "**" in words:
        yield from _bold(words)
    if "://" in words:
        yield from _bare(words)
    yield from _blocks(words)


_ADDRESS = re.compile(
    r"(?:https?://|mailto:|tel:|www\.|#(?=[^\W\d_])|/|\.\.?/)\S*|"
    r"[^\s()]+\.(?:md|markdown|html?|jpe?g|png|gif|webp|avif|svg|pdf|epub|zip|docx?|xlsx?|csv|mp[34]|mov)(?:#\S*)?",
    re.IGNORECASE,
)
_TITLE = re.compile(r"""\s+(?P<title>"[^"\n]*"|'[^'\n]*')\s*\Z""")


def _not_linked(words: str) -> Iterator[Slip]:
    """`](` that is part of no link or picture."""
    done = 0
    for found in re.finditer(r"\]\(", words):
        place = found.start()
        if place < done:
            continue
        opening = _opening(words, place)
        closing = _closing(words, found.end())
        line = words[found.end() : found.end() + _NEAR].partition("\n")[0]
        target = words[found.end() : closing] if closing >= 0 else (line.split() or [""])[0]
        done = closing if closing >= 0 else found.end()
        typed = "](" + target[:40].split("\n")[0]
        is_picture = opening > 0 and words[opening - 1] == "!"
        what = "picture" if is_picture else "link"
        if opening < 0:
            if _ADDRESS.fullmatch(target.strip()):
                before = words[max(0, place - 20) : place].split()
                link = f"[{before[-1] if before else 'words'}]({target.strip()})"
                hint = f"put a [ before the first word of the link: {link}"
                yield Slip(typed, "the [ of this link is missing", hint, loses=True)
            continue
        lead = f"{'!' if is_picture else ''}[{_short(words[opening + 1 : place])}]"
        if closing < 0:
            yield Slip(typed, f"the ) of this {what} is missing", f"write {lead}({target})", loses=True)
            continue
        title = _TITLE.search(target)
        address = (target[: title.start()] if title else target).strip()
        rest = f" {title['title']}" if title else ""
        if re.search(r"\s", address) and "<" not in address and ">" not in address:
            message = f"a space in its address keeps this {what} from being one"
            yield Slip(typed, message, f"write {lead}(<{' '.join(address.split())}>{rest})", loses=True)
        else:
            hint = f"write {lead}(address); a bracket or a quotation mark inside needs a \\ before it"
            yield Slip(typed, f"this is not read as a {what}", hint, loses=True)


def _short(label: str) -> str:
    words = " ".join(label.split())
    return words if len(words) <= 60 else f"{words[:57]}..."


def _opening(words: str, place: int) -> int:
    """Where the bracket is opened that is closed at a place; -1 where it is not."""
    deep = 0
    for at in range(place - 1, max(-1, place - _NEAR), -1):
        if words[at] == "]":
            deep += 1
        elif words[at] == "[":
            if not deep:
                return at
            deep -= 1
    return -1


def _closing(words: str, start: int) -> int:
    """Where a round bracket that is opened before a place is closed in the same line; -1 where it is not."""
    deep = 0
    for at in range(start, min(len(words), start + _NEAR)):
        if words[at] == "\n":
            return -1
        if words[at] == "(":
            deep += 1
        elif words[at] == ")":
            if not deep:
                return at
            deep -= 1
    return -1


_SPACED = re.compile(r"(?P<lead>!?\[(?P<label>[^\[\]\n]{1,200})\])[ \t]+\((?P<target>[^()\s]{1,300})\)")
_TURNED = re.compile(r"(?P<sign>!?)\((?P<label>[^()\[\]\n]{1,200})\)\[(?P<target>[^\[\]\s]{1,300})\]")


def _spaced(words: str) -> Iterator[Slip]:
    for found in _SPACED.finditer(words):
        if _ADDRESS.fullmatch(found["target"]):
            typed = re.sub(r"^.*\]", "]", found[0])
            hint = f"write {_shown(found['lead'])}({found['target']})"
            yield Slip(typed, "a space stands between ] and (", hint, loses=True)
    for found in _TURNED.finditer(words):
        if _ADDRESS.fullmatch(found["target"]):
            hint = f"write {found['sign']}[{_short(found['label'])}]({found['target']})"
            yield Slip(f")[{found['target']}", "the brackets of this link are the wrong way round", hint, loses=True)


def _shown(lead: str) -> str:
    return f"{lead[: lead.index('[') + 1]}{_short(lead[lead.index('[') + 1 : -1])}]"


_UNBALANCED = re.compile(r"(?P<sign>!?)\[(?P<label>[^\[\]()\n]{1,200})\((?P<target>[^()\s]{1,300})\)(?!\])")
_PICTURE = re.compile(r"(?<!\w)!\[(?P<label>[^\[\]\n]{0,200})\](?![(\[]|[ \t]+\()|!\[\[(?P<file>[^\[\]\n]{1,200})\]\]")
_REFERENCE = re.compile(r"(?P<sign>!?)\[(?P<label>[^\[\]\n]{1,200})\]\[(?P<name>[^\[\]\n]{0,200})\]")
_NOTE = re.compile(r"\[\^(?P<name>[^\[\]\s]{1,100})\]")


def _unbalanced(words: str) -> Iterator[Slip]:
    for found in _UNBALANCED.finditer(words):
        if _ADDRESS.fullmatch(found["target"]):
            hint = f"write {found['sign']}[{_short(found['label'].rstrip())}]({found['target']})"
            yield Slip(f"{found['label'][-20:]}({found['target']}", "the ] of this link is missing", hint, loses=True)
    for found in _PICTURE.finditer(words):
        file = found["file"] or "picture.jpg"
        label = found["label"] or "what is to be seen"
        target = f"<{file}>" if " " in file else file
        hint = f"write ![{_short(label)}]({target})"
        yield Slip(found[0][:40], "this picture has no address in round brackets", hint, loses=True)


def _undefined(words: str) -> Iterator[Slip]:
    for found in _REFERENCE.finditer(words):
        name = found["name"] or found["label"]
        if not re.search(r"[^\W\d_]", name) or found["label"].startswith("^"):
            continue
        hint = f"write {found['sign']}[{_short(found['label'])}](address), or add a line [{_short(name)}]: address"
        yield Slip(found[0][:40], f'no address is given for "{_short(name)}"', hint, loses=True)
    for found in _NOTE.finditer(words):
        hint = f"add a line [^{found['name']}]: and the note, or remove the mark"
        yield Slip(found[0], f'the footnote "{found["name"]}" is not there; readers see its mark as typed', hint)


_TEMPLATE = re.compile(r"\{\{[<%]?\s*/?\s*(?P<name>[\w./-]*)[^{}\n]{0,300}\}\}|\{%-?\s*(?P<tag>\w+)[^{}\n]{0,300}%\}")
_WORDPRESS = (
    *("audio", "button", "caption", "column", "columns", "contact-form", "contact-form-7", "embed", "facebook"),
    *("gallery", "googlemaps", "instagram", "playlist", "pullquote", "quote", "row", "slideshare", "soundcloud"),
    *("tiktok", "tweet", "twitter", "video", "vimeo", "youtube"),
)
_SHORTCODE = re.compile(
    r"\[/?(?P<name>(?:vc|et_pb|fusion|su|wp)_[a-z0-9_]+|[a-z][a-z0-9_-]*)"
    r"""(?P<more>(?:[ \t]{1,9}[\w-]{1,40}=(?:"[^"\]\n]{0,300}"|'[^'\]\n]{0,300}'|[^\s\]"'\[]{1,300})){0,20}"""
    r"""|[ \t=][^\[\]\n]{0,300})[ \t]{0,9}/?\]"""
)
_INSTEAD = "sitegen knows no shortcodes: write it in Markdown, or link to the film or the post"


def _tags_of_templates(words: str) -> Iterator[Slip]:
    for found in _TEMPLATE.finditer(words):
        name = found["name"] or found["tag"] or found[0][:30]
        message = f'"{found[0][:40]}" is left from another system ({name}); readers see it as typed'
        yield Slip(found[0][:40], message, _INSTEAD)


def _shortcodes_of_wordpress(words: str) -> Iterator[Slip]:
    for found in _SHORTCODE.finditer(words):
        name = found["name"]
        is_one = name in _WORDPRESS and (found["more"] or found[0].startswith("[/") or f"[/{name}]" in words)
        if is_one or re.match(r"(?:vc|et_pb|fusion|su|wp)_", name) or re.search(r"""=["']""", found["more"]):
            message = f'"{found[0][:40]}" is a shortcode of WordPress; readers see it as typed'
            yield Slip(found[0][:40], message, _INSTEAD)


_STARS = re.compile(r"\*\*(?P<inside>[^*\n]{1,300})\*\*")


def _bold(words: str) -> Iterator[Slip]:
    for found in _STARS.finditer(words):
        inside = found["inside"].strip()
        if inside:
            message = "these asterisks are shown as typed and make nothing bold"
            yield Slip(found[0][:40], message, f"write **{_short(inside)}**, with no space inside and one on each side")


_FILMS = re.compile(
    r"https?://(?:[\w-]+\.)*(?:youtube\.com|youtu\.be|vimeo\.com|dailymotion\.com|instagram\.com|tiktok\.com|"
    r"twitter\.com|x\.com|facebook\.com|threads\.net|bsky\.app|linkedin\.com/posts|pinterest\.[a-z.]+|soundcloud\.com|spotify\.com)"
    r"/[^\s<>\"]+",
    re.IGNORECASE,
)
_ALONE = re.compile(r"\s*(?P<address>https?://[^\s<>\"]+)\s*")


def _bare(words: str) -> Iterator[Slip]:
    alone = _ALONE.fullmatch(words)
    for address in [alone["address"]] if alone else [found[0] for found in _FILMS.finditer(words)]:
        address = address.rstrip(".,;:!?)")
        message = f'"{address[:60]}" is shown as words: nothing can be clicked, and nothing is played'
        yield Slip(address, message, f"write [its title]({address}), or <{address}>")


_HEADING = re.compile(r"^(?P<signs>#{2,6})(?P<words>[^\s#].*)", re.MULTILINE)
_TABLE = re.compile(r"^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\|?[ \t]*$", re.MULTILINE)


def _blocks(words: str) -> Iterator[Slip]:
    for found in _HEADING.finditer(words):
        hint = f"write {found['signs']} {_short(found['words'])}"
        yield Slip(found[0][:40], "this heading is shown as typed: a space is missing after its #", hint)
    for found in _TABLE.finditer(words):
        hint = "put an empty line above the table, and as many columns in its first line as in this one"
        yield Slip(found[0].strip()[:40], "this table is shown as typed", hint)


def is_closed(fence: Token, typed: str) -> bool:
    """Whether a block of code that begins with a fence ends with one; `typed` are its lines."""
    last = typed.rstrip("\n").rpartition("\n")[2].strip(" \t>")
    sign = fence.markup[0]
    return "\n" in typed.strip("\n") and len(last) >= len(fence.markup) and not last.strip(sign)
