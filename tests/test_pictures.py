"""Pictures: what is made from them, that nothing but the picture is in it, and that it is made once."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from sitegen.bundled import bundled_themes
from sitegen.engine import pictures as shelves
from sitegen.engine.build import build, check
from sitegen.engine.live import Live
from sitegen.engine.options import Options
from sitegen.plan.pictures import PictureSizes, box_of, cuts, renditions
from sitegen.problems import SiteError
from sitegen.render.pictures import made
from sitegen.settings import MEGAPIXELS
from sitegen.sources.media import MediaFault
from sitegen.sources.pictures import Picture, picture_of
from sitegen.sources.pixels import MOST_SCANS
from tests.checkers.books import epubcheck
from tests.paper import pictures as pictures_of
from tests.site import ARTICLE, CONFIG, NOW, PIXEL, build_site, let_settle, tree, write_files, write_site

SIZES = PictureSizes((480, 800), {"4:3": (320,), "1:1": (96,)})
LEAD = ARTICLE.replace("summary:", "image: {src: /images/a.jpg, alt: Something to be seen}\nsummary:")
RED, GREEN, BLUE, WHITE = (200, 30, 30), (30, 160, 30), (30, 30, 200), (255, 255, 255)


def quarters(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """A picture with another colour in each corner: red, green, blue and white, as a book is read."""
    image = Image.new("RGB", (2, 2))
    image.putdata([RED, GREEN, BLUE, WHITE])
    return image.resize((width, height), Image.Resampling.NEAREST).convert(mode)


def saved(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    found = Image.Exif()
    found[0x0112] = orientation
    found[0x010F] = "A Camera That Tells"
    found.get_ifd(0x8825)[2] = (57.0, 42.0, 0.0)
    return found


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def looked_at(data: bytes, name: str = "content/images/a.jpg") -> Picture:
    found = picture_of(name, data)
    assert isinstance(found, Picture), found
    return found


def made_of(data: bytes, name: str = "content/images/a.jpg") -> dict[str, Image.Image]:
    """All files of a picture, by what their names end in."""
    picture = looked_at(data, name)
    files = made(data, renditions(picture, SIZES, frozenset({(50, 50)})))
    return {one.file.removeprefix(picture.base): opened(made_bytes) for one, made_bytes in files}


def corners(image: Image.Image) -> list[str]:
    """The name of the colour in each corner, as a book is read."""
    names = {RED: "red", GREEN: "green", BLUE: "blue", WHITE: "white"}
    rgb, right, bottom = image.convert("RGB"), image.width - 3, image.height - 3
    found = []
    for place in ((2, 2), (right, 2), (2, bottom), (right, bottom)):
        colour = rgb.getpixel(place)
        assert isinstance(colour, tuple)
        found.append(min(names, key=lambda name: sum(abs(a - b) for a, b in zip(name, colour, strict=True))))
    return [names[colour] for colour in found]


# --- which files there are ---------------------------------------------------------------------------------


def test_no_file_is_wider_than_the_picture() -> None:
    assert [cut[:3] for cut in cuts("media/a.1", 1000, 500, (50, 50), "", (480, 800, 1280))] == [
        ("media/a.1-480w.webp", 480, 240),
        ("media/a.1-800w.webp", 800, 400),
        ("media/a.1-1000w.webp", 1000, 500),
    ]
    assert [cut[0] for cut in cuts("media/a.1", 300, 500, (50, 50), "", (480, 800))] == ["media/a.1-300w.webp"]
    assert [cut[1:3] for cut in cuts("media/a.1", 3000, 1, (50, 50), "", (480,))] == [(480, 1)]


@pytest.mark.parametrize(
    ("focus", "box"),
    [
        ((50, 50), (50, 0, 150, 100)),
        ((0, 0), (0, 0, 100, 100)),
        ((100, 50), (100, 0, 200, 100)),
        ((40, 90), (30, 0, 130, 100)),
    ],
)
def test_a_crop_keeps_the_point_of_focus(focus: tuple[int, int], box: tuple[int, int, int, int]) -> None:
    assert box_of(200, 100, "1:1", focus) == box


def test_a_crop_of_a_line_has_pixels() -> None:
    assert box_of(1, 5000, "16:9", (50, 50)) == (0, 2500, 1, 2501)


def test_another_focus_is_another_file() -> None:
    names = {next(cuts("media/a.1", 800, 600, focus, "1:1", (96,)))[0] for focus in ((50, 50), (50, 20), (20, 50))}
    assert names == {"media/a.1-1x1-96w.webp", "media/a.1-1x1-f50x20-96w.webp", "media/a.1-1x1-f20x50-96w.webp"}


def test_a_crop_that_cuts_nothing_off_has_no_files_of_its_own() -> None:
    sizes = PictureSizes((480, 1280), {"16:9": (480, 960), "1:1": (96,)})
    picture = Picture("content/a.jpg", "media/a.1.jpg", 1600, 900, "image/jpeg", 1000, "media/a.1")
    assert {one.file for one in renditions(picture, sizes, frozenset({(50, 50), (50, 20)}))} == {
        *("media/a.1-480w.webp", "media/a.1-960w.webp", "media/a.1-1280w.webp"),
        *("media/a.1-1x1-96w.webp", "media/a.1-1x1-f50x20-96w.webp"),
    }


# --- what is in them ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_file_stands_upright(orientation: int) -> None:
    upright = quarters(900, 600)
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    turned = upright.transpose(Image.Transpose(undo[orientation])) if orientation > 1 else upright
    data = saved(turned, quality=95, exif=exif(orientation))
    picture = looked_at(data)
    assert (picture.width, picture.height) == (900, 600)
    files = made_of(data)
    assert {name: image.size for name, image in files.items()} == {
        ".jpg": (900, 600),
        "-480w.webp": (480, 320),
        "-800w.webp": (800, 533),
        "-4x3-320w.webp": (320, 240),
        "-1x1-96w.webp": (96, 96),
    }
    for image in files.values():
        assert corners(image) == ["red", "green", "blue", "white"]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "MPO"])
def test_nothing_that_a_camera_wrote_is_published(kind: str) -> None:
    data = saved(quarters(600, 400), kind, exif=exif())
    assert b"A Camera That Tells" in data or kind == "PNG"
    assert opened(data).getexif()
    picture = looked_at(data)
    assert picture.is_remade
    for one, found in made(data, renditions(picture, SIZES, frozenset({(50, 50)}))):
        assert not opened(found).getexif(), one.file
        assert b"Camera" not in found and b"Exif" not in found
        assert set(opened(found).info) <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "progressive",
            "progression",
        } | {"loop", "background", "timestamp", "duration"}


def test_a_comment_and_a_profile_are_left_out_as_well(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    every: tuple[dict[str, Any], ...] = (
        {"comment": b"who was there"},
        {"icc_profile": profile},
        {"xmp": b"<x:xmpmeta/>"},
    )
    for options in every:
        data = saved(quarters(60, 40), **options)
        files = made(data, renditions(looked_at(data), SIZES))
        assert not any(b"who was there" in found or b"xmp" in found or b"acsp" in found for _, found in files)


def other_profile() -> bytes:
    """sRGB with red and green in each other's place."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    rows = {bytes(data[at : at + 4]): at for at in range(132, 132 + 12 * int.from_bytes(data[128:132], "big"), 12)}
    red, green = (slice(rows[name] + 4, rows[name] + 8) for name in (b"rXYZ", b"gXYZ"))
    data[red], data[green] = data[green], data[red]
    return bytes(data)


def test_colours_of_another_profile_are_those_of_srgb() -> None:
    data = saved(quarters(60, 40), icc_profile=other_profile())
    assert corners(made_of(data)[".jpg"]) == ["green", "red", "blue", "white"]


def test_a_profile_for_other_pixels_is_not_used() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for profile in (lab, b"no profile"):
        data = saved(quarters(60, 40), icc_profile=profile)
        assert corners(made_of(data)[".jpg"]) == ["red", "green", "blue", "white"]


def test_a_plain_picture_is_published_byte_by_byte() -> None:
    data = saved(quarters(600, 400))
    picture = looked_at(data)
    assert not picture.is_remade
    assert picture.length == len(data)
    assert picture.file.endswith(".jpg")
    assert picture.file not in [one.file for one in renditions(picture, SIZES)]


def test_a_very_wide_picture_is_smaller_for_browsers_of_old() -> None:
    data = saved(quarters(4000, 400))
    assert made_of(data)[".jpg"].size == (1920, 192)
    assert looked_at(data).width == 4000


@pytest.mark.parametrize(
    ("mode", "kind", "ending"),
    [
        ("RGBA", "PNG", ""),
        ("LA", "PNG", ""),
        ("P", "PNG", ""),
        ("L", "JPEG", ""),
        ("CMYK", "JPEG", ""),
        ("1", "PNG", ""),
        ("P", "GIF", ".png"),
        ("RGBA", "WEBP", ".jpg"),
        ("RGB", "AVIF", ".jpg"),
        ("I;16", "PNG", ""),
    ],
)
def test_every_kind_of_pixels_becomes_files(mode: str, kind: str, ending: str) -> None:
    image = quarters(600, 400, mode) if mode != "I;16" else Image.new("I;16", (600, 400), 40000)
    files = made_of(saved(image, kind))
    assert {name for name in files if "-" not in name} == ({ending} if ending else set())
    assert files["-480w.webp"].size == (480, 320)
    if mode in ("RGB", "RGBA", "CMYK", "P"):
        assert corners(files["-480w.webp"]) == ["red", "green", "blue", "white"]


def test_what_shines_through_still_does() -> None:
    image = quarters(600, 400, "RGBA")
    image.putalpha(0)
    files = made_of(saved(image, "PNG", exif=exif()))
    for name, found in files.items():
        assert found.convert("RGBA").getpixel((9, 9))[3] == 0, name  # type: ignore[index]
    assert looked_at(saved(image, "PNG")).tone == ""


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_a_picture_that_moves_stays_as_it_is(kind: str) -> None:
    frames = [quarters(60, 40), quarters(60, 40).rotate(180)]
    data = saved(frames[0], kind, save_all=True, append_images=frames[1:])
    picture = looked_at(data)
    assert list(renditions(picture, SIZES, frozenset({(50, 50)}))) == []
    assert not picture.is_remade


def test_the_tone_is_the_mean_colour_in_four_steps() -> None:
    assert looked_at(saved(Image.new("RGB", (90, 60), (250, 130, 3)))).tone == "320"
    assert looked_at(saved(Image.new("L", (90, 60), 70))).tone == "111"


def with_scans(data: bytes, count: int) -> bytes:
    """A JPEG file whose last scan comes so many times more."""
    start, end = data.rindex(b"\xff\xda"), data.rindex(b"\xff\xd9")
    return data[:end] + data[start:end] * count + data[end:]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"no picture", "is not a picture that browsers show"),
        (b"", "is not a picture that browsers show"),
        (saved(quarters(600, 400))[:2000], "is not a picture that browsers show"),
        (saved(quarters(600, 400), "PNG")[:-200], "is not a picture that browsers show"),
        (saved(quarters(60, 40), "TIFF"), "is a TIFF file, which browsers do not show"),
        (saved(quarters(60, 40), "DDS"), "is a DDS file, which browsers do not show"),
        (saved(quarters(60, 40), "BMP"), "is a BMP file, which browsers do not show"),
        (saved(quarters(60, 40), "TGA"), "is not a picture that browsers show"),
        (saved(quarters(60, 40), "ICO"), "is a Windows icon file, which browsers do not show"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "is an HEIC file, which browsers do not show"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is an SVG drawing, which may hold scripts"),
        (saved(quarters(60, 40), "AVIF")[:-20], "is not a picture that browsers show"),
        (b"\0\0\0\x1cftypavif" + bytes(40), "is not a picture that browsers show"),
        (saved(quarters(60, 40), icc_profile=bytes(4 * 1024 * 1024 + 1)), "holds a colour profile of more than 4 MB"),
        (with_scans(saved(quarters(60, 40), progressive=True), MOST_SCANS), "is a JPEG file of more than 100 scans"),
        (saved(Image.new("1", (1, 65_501)), "PNG"), "is more than 65,500 pixels long"),
        (saved(Image.new("1", (MEGAPIXELS * 1000 + 1, 1000)), "PNG"), "million pixels"),
        (saved(Image.new("1", (20000, 20000)), "PNG"), "million pixels"),
    ],
    ids=[
        *("text", "empty", "cut JPEG", "cut PNG", "TIFF", "DDS", "BMP", "TGA", "icon", "HEIC", "SVG", "cut AVIF"),
        *("no AVIF", "large profile", "many scans", "long", "too many", "bomb"),
    ],
)
def test_what_is_no_picture_is_said(data: bytes, said: str) -> None:
    found = picture_of("content/images/a.jpg", data)
    assert isinstance(found, MediaFault)
    assert said in str(found)


def test_what_the_camera_wrote_may_be_broken() -> None:
    """The part that holds it is turned into noise, byte by byte: the picture or a fault, and nothing else."""
    data = saved(quarters(60, 40), exif=exif())
    start = data.index(b"Exif")
    for at in range(start, start + 120):
        for value in (0, 255):
            broken = bytes((*data[:at], value, *data[at + 1 :]))
            found = picture_of("content/images/a.jpg", broken)
            if isinstance(found, Picture):
                with suppress(MediaFault):
                    list(made(broken, renditions(found, SIZES)))


@pytest.mark.slow
def test_a_huge_jpeg_file_is_decoded_at_half_its_size() -> None:
    data = saved(quarters(6000, 4500))
    picture = looked_at(data)
    assert (picture.width, picture.height) == (3000, 2250)
    files = made_of(data)
    assert files[".jpg"].size == (1920, 1440)
    assert corners(files["-1x1-96w.webp"]) == ["red", "green", "blue", "white"]
    # What is narrow, or of another type, keeps its size.
    assert looked_at(saved(quarters(1000, 25000))).height == 25000
    assert looked_at(saved(quarters(6000, 4500, "L"), "PNG")).width == 6000


def test_no_file_is_longer_than_its_type_allows() -> None:
    data = saved(Image.new("L", (600, 17000)), "PNG")
    assert {name: image.size for name, image in made_of(data).items()} == {
        "-480w.webp": (480, 13600),
        "-4x3-320w.webp": (320, 240),
        "-1x1-96w.webp": (96, 96),
    }


def test_the_settings_say_how_many_pixels_a_picture_may_have(tmp_path: Path) -> None:
    pictured(tmp_path, saved(Image.new("1", (1500, 1000)), "PNG"))
    settings = (tmp_path / "sitegen.toml").read_text("utf-8")
    build_site(tmp_path)
    for _ in range(2):
        write_files(tmp_path, {"sitegen.toml": f"{settings}\n[pictures]\nmax_megapixels = 1\n"})
        with pytest.raises(SiteError, match="more than 1 million pixels"):
            build_site(tmp_path)
        write_files(tmp_path, {"sitegen.toml": settings})
        build_site(tmp_path)


# --- in a site ---------------------------------------------------------------------------------------------


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How often pictures are looked at, and files made from them."""
    done = {"looked at": 0, "made": 0}
    look, make = picture_of, made

    def looking(*arguments: Any) -> Any:
        done["looked at"] += 1
        return look(*arguments)

    def making(*arguments: Any) -> Any:
        for one in make(*arguments):
            done["made"] += 1
            yield one

    monkeypatch.setattr(shelves, "picture_of", looking)
    monkeypatch.setattr(shelves, "made", making)
    return done


def media(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "output/media").iterdir())


def pictured(tmp_path: Path, data: bytes | None = None) -> Path:
    """A site with one picture, which leads an article and stands in its text."""
    data = saved(quarters(900, 600), exif=exif()) if data is None else data
    text = f"{LEAD}\n![Something else to be seen](/images/a.jpg)\n"
    return write_site(tmp_path, {"content/articles/news/first.md": text, "content/images/a.jpg": data})


def test_pages_name_files_that_are_there(tmp_path: Path) -> None:
    build_site(pictured(tmp_path))
    output = tree(tmp_path / "output")
    named: set[str] = set()
    for page in (data.decode() for name, data in output.items() if name.endswith(".html")):
        for listed in re.findall(r'srcset="([^"]+)"', page):
            named.update(part.split()[0] for part in listed.split(", "))
        named.update(re.findall(r'<img[^>]* src="(/[^"]+)"', page))
    assert named
    assert {name.lstrip("/") for name in named} <= output.keys()


def test_a_picture_is_made_once_and_kept_by_its_content(tmp_path: Path, count: dict[str, int]) -> None:
    build_site(pictured(tmp_path))
    first = count["made"]
    assert first == len(media(tmp_path))
    before = tree(tmp_path / "output")
    (tmp_path / "output/media" / media(tmp_path)[0]).unlink()
    let_settle()
    build_site(tmp_path)
    build_site(tmp_path, output="elsewhere")
    assert tree(tmp_path / "elsewhere") == before == tree(tmp_path / "output")
    # Under another name it is another file; the same content again is not.
    assert count["made"] == first
    assert count["looked at"] <= 2


def test_a_new_picture_of_the_same_name_is_published_under_another(tmp_path: Path, count: dict[str, int]) -> None:
    build_site(pictured(tmp_path))
    before = set(media(tmp_path))
    pictured(tmp_path, saved(quarters(900, 600).rotate(180), exif=exif()))
    build_site(tmp_path)
    assert before.isdisjoint(media(tmp_path))
    assert len(media(tmp_path)) == len(before)


def test_what_was_kept_and_is_broken_is_made_again(tmp_path: Path, count: dict[str, int]) -> None:
    build_site(pictured(tmp_path))
    before, first = tree(tmp_path / "output"), count["made"]
    for path in (tmp_path / ".sitegen/pictures").rglob("*.webp"):
        path.write_bytes(path.read_bytes()[:40])
    build_site(tmp_path, output="elsewhere")
    assert tree(tmp_path / "elsewhere") == before
    assert count["made"] == 2 * first - 1


def test_an_edited_text_looks_at_no_picture(tmp_path: Path, count: dict[str, int]) -> None:
    article = pictured(tmp_path) / "content/articles/news/first.md"
    let_settle()
    build_site(tmp_path)
    let_settle()
    for turn in range(2):
        article.write_text(article.read_text("utf-8").replace("The text", f"The text {turn}"), "utf-8")
        before = dict(count)
        assert build_site(tmp_path).written > 0
        assert count == before, turn
        let_settle()


def test_a_preview_shows_the_sizes_that_the_theme_names_now(tmp_path: Path) -> None:
    theme = (bundled_themes() / "default/theme.toml").read_text("utf-8")
    write_files(pictured(tmp_path), {"themes/default/theme.toml": theme})
    live = Live(Options(tmp_path, tmp_path / "preview", now=NOW))
    live.look()
    write_files(tmp_path, {"themes/default/theme.toml": theme.replace("480, 800", "200, 300")})
    live.look()
    assert live.site is not None
    page = live.site.file("news/2026/10/first/index.html")
    assert page is not None
    assert page.data.count(b"-200w.webp 200w") == 2
    named = re.findall(r'media/[^ ",]+', page.data.decode())
    assert set(named) <= live.site.files


def test_a_changed_focus_makes_nothing_but_crops(tmp_path: Path, count: dict[str, int]) -> None:
    build_site(pictured(tmp_path))
    first = count["made"]
    article = tmp_path / "content/articles/news/first.md"
    article.write_text(
        article.read_text("utf-8").replace("alt: Something to", "focus: 20% 30%, alt: Something to"), "utf-8"
    )
    build_site(tmp_path)
    assert all("-f20x30-" in name for name in media(tmp_path) if "x" in name.partition("-")[2])
    assert 0 < count["made"] - first < first


def test_a_broken_picture_in_a_text_is_a_problem_with_its_place(tmp_path: Path) -> None:
    pictured(tmp_path, saved(quarters(900, 600))[:3000])
    with pytest.raises(SiteError) as caught:
        build_site(tmp_path)
    places = [(problem.file, problem.line, problem.column) for problem in caught.value.problems]
    assert places == [("content/articles/news/first.md", 4, 14), ("content/articles/news/first.md", 9, 30)]


def test_the_file_to_keep_has_no_metadata(tmp_path: Path) -> None:
    build_site(pictured(tmp_path))
    page = (tmp_path / "output/news/2026/10/first/download.html").read_text("utf-8")
    assert "srcset" not in page
    import base64

    found = [base64.b64decode(data) for data in re.findall(r'src="data:image/jpeg;base64,([^"]+)"', page)]
    assert len(found) == 2
    assert not any(b"Camera" in data for data in found)


def test_a_theme_without_sizes_shows_pictures_as_they_are(tmp_path: Path) -> None:
    info = 'title = "Default"\nstyles = []\n[pictures]\n'
    (pictured(tmp_path, PIXEL) / "themes/default").mkdir(parents=True)
    info += 'crops = { "16:9" = [], "4:3" = [], "1:1" = [] }'
    (tmp_path / "themes/default/theme.toml").write_text(info)
    build_site(tmp_path)
    assert len(media(tmp_path)) == 1


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("widths = 5", "widths must be a list of whole numbers from 16 to 4096"),
        ("widths = [480, 9999]", "widths must be a list of whole numbers from 16 to 4096"),
        ('crops = { "wide" = [480] }', '"wide" is no ratio'),
        ("crops = 3", '"crops" must be a table'),
        ("sizes = 3", '"sizes" must be a text in quotes'),
        ("width = [480]", 'unknown key "width"'),
    ],
)
def test_what_a_theme_says_wrong_of_pictures(tmp_path: Path, table: str, said: str) -> None:
    info = f'title = "Mine"\nextends = "default"\n[pictures]\n{table}\n'
    with pytest.raises(SiteError) as caught:
        build_site(write_site(tmp_path, {"themes/default/theme.toml": info.replace('extends = "default"\n', "")}))
    (problem,) = caught.value.problems
    assert problem.message == said
    assert (problem.file, problem.line) == ("themes/default/theme.toml", 3)


@pytest.mark.slow
def test_without_a_cache_nothing_is_kept(tmp_path: Path, count: dict[str, int]) -> None:
    build_site(pictured(tmp_path))
    before, first = tree(tmp_path / "output"), count["made"]
    kept = tree(tmp_path / ".sitegen/pictures")
    for folder in ("output", "elsewhere"):
        build(Options(tmp_path, tmp_path / folder, now=NOW, workers=1, cache=False))
        assert tree(tmp_path / folder) == before
    # Two of the three builds wrote something; each made all files with one look at the picture's pixels.
    assert count["made"] - first >= first
    assert tree(tmp_path / ".sitegen/pictures") == kept


def test_check_writes_no_pictures(tmp_path: Path) -> None:
    pictured(tmp_path)
    assert check(Options(tmp_path, tmp_path / "output", now=NOW, workers=1)) == ()
    assert not (tmp_path / ".sitegen/pictures").exists()


def test_two_workers_make_the_same_as_one(tmp_path: Path) -> None:
    pictures = {f"content/images/{n}.jpg": saved(quarters(90 + n, 60), exif=exif()) for n in range(12)}
    articles = {
        f"content/articles/news/{n}.md": LEAD.replace("/a.jpg", f"/{n}.jpg").replace("A first", f"No. {n}")
        for n in range(12)
    }
    write_site(tmp_path, {**pictures, **articles})
    build_site(tmp_path, workers=1)
    one = tree(tmp_path / "output")
    shutil.rmtree(tmp_path / ".sitegen")
    build_site(tmp_path, workers=2, output="elsewhere")
    assert tree(tmp_path / "elsewhere") == one


@pytest.mark.slow
def test_files_that_nobody_needs_any_more_are_removed_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelves, "_ROOM", 0)
    for turn in range(4):
        build_site(pictured(tmp_path, saved(quarters(900 + turn, 600), exif=exif())))
        let_settle()
    kept = len(tree(tmp_path / ".sitegen/pictures"))
    assert kept <= 3 * len(media(tmp_path))


# --- any size and mode: published, or told -----------------------------------------------------------------

MODES = {
    "JPEG": ("L", "RGB", "CMYK"),
    "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
    "WEBP": ("RGB", "RGBA"),
    "GIF": ("L", "P", "RGB"),
    "AVIF": ("RGB", "RGBA"),
}
MOVING = ("WEBP", "GIF", "AVIF", "PNG")


@st.composite
def any_picture(draw: st.DrawFn) -> tuple[str, bytes]:
    """The ending and the bytes of a picture's file."""
    kind = draw(st.sampled_from(sorted(MODES)))
    mode = draw(st.sampled_from(MODES[kind]))
    most = 16_383 if kind == "WEBP" else 30_000
    long = draw(st.one_of(st.integers(1, 400), st.integers(1, most)))
    short = draw(st.integers(1, max(1, min(400, 400_000 // long))))
    size = (long, short) if draw(st.booleans()) else (short, long)
    options: dict[str, Any] = {}
    if kind in MOVING and long * short < 100_000 and draw(st.booleans()):
        options = {"save_all": True, "append_images": [Image.new(mode, size), Image.new(mode, size, 1)]}
    if kind == "JPEG" and draw(st.booleans()):
        options["exif"] = exif(draw(st.integers(1, 8)))
    return ENDINGS[kind], saved(Image.new(mode, size), kind, **options)


ENDINGS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif", "AVIF": "avif"}


@pytest.mark.slow
@given(any_picture())
def test_any_picture_is_published_everywhere_or_told(
    tmp_path_factory: pytest.TempPathFactory, drawn: tuple[str, bytes]
) -> None:
    ending, data = drawn
    root = tmp_path_factory.mktemp("drawn")
    name = f"content/images/a.{ending}"
    text = ARTICLE.replace("summary:", f"image: {{src: /images/a.{ending}, alt: Four colours}}\nsummary:")
    files: dict[str, str | bytes] = {
        "sitegen.toml": CONFIG + '\n[downloads]\nformats = ["pdf", "epub", "html"]\n',
        "content/articles/news/first.md": f"{text}\n![Four colours](/images/a.{ending})\n",
        name: data,
    }
    write_site(root, files)
    try:
        build_site(root)
    except SiteError as error:
        assert {problem.file for problem in error.problems if not problem.warning} == {"content/articles/news/first.md"}
        assert all("sitegen itself" not in problem.message for problem in error.problems)
        assert all(problem.line for problem in error.problems)
    else:
        folder = root / "output/news/2026/10/first"
        assert len(pictures_of(folder / "download.pdf")) == 2
        for path in (root / "output/media").iterdir():
            with Image.open(path) as image:
                image.load()
    finally:
        shutil.rmtree(root)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ending", "media_type", "data"),
    [
        ("jpg", "image/jpeg", saved(Image.new("RGB", (60, 20_000)))),
        (
            "avif",
            "image/png",
            saved(Image.new("RGB", (40, 30)), "AVIF", save_all=True, append_images=[Image.new("RGB", (40, 30))]),
        ),
    ],
    ids=["long", "moving"],
)
def test_documents_hold_what_they_can(tmp_path: Path, ending: str, media_type: str, data: bytes) -> None:
    files: dict[str, str | bytes] = {
        "sitegen.toml": CONFIG + '\n[downloads]\nformats = ["pdf", "epub"]\n',
        "content/articles/news/first.md": f"{ARTICLE}\n![Four colours](/images/a.{ending})\n",
        f"content/images/a.{ending}": data,
    }
    build_site(write_site(tmp_path, files))
    folder = tmp_path / "output/news/2026/10/first"
    assert len(pictures_of(folder / "download.pdf")) == 1
    if ending == "avif":
        assert epubcheck(folder / "download.epub") == []
    with zipfile.ZipFile(folder / "download.epub") as file:
        assert f'media-type="{media_type}"' in file.read("EPUB/package.opf").decode()
    # Readers of pages get it as it is.
    assert data in [path.read_bytes() for path in (tmp_path / "output/media").iterdir()]


def test_a_picture_that_comes_later_mends_its_article(tmp_path: Path) -> None:
    root = write_site(tmp_path, {"content/articles/news/first.md": LEAD, "content/images/b.jpg": PIXEL})
    live = Live(Options(root, root / "output", now=NOW, workers=1))
    live.look()
    assert [problem.message for problem in live.problems] == ['the picture "/images/a.jpg" is not there']
    # Another edit does not hide what is still wrong.
    write_files(root, {"content/jobs.yaml": "- employer: A\n  title: B\n"})
    live.look(["content/jobs.yaml"])
    assert len(live.problems) == 1
    (root / "content/images/b.jpg").rename(root / "content/images/a.jpg")
    live.look(["content/images/a.jpg", "content/images/b.jpg"])
    assert not live.problems and live.site is not None
    assert b"/media/a." in live.site.file("news/2026/10/first/index.html").data
