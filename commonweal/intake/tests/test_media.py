"""What strangers send besides words: drawn anew, bounded, or not kept."""

import base64
import io
import subprocess
import sys
import time
import zlib

import pytest
from PIL import Image

from commonweal.intake.actions import Media, clean, receive
from commonweal.intake.actions.cleaning import attachments_wait, clean_due
from commonweal.intake.media import cleaning, picture
from commonweal.intake.media.cleaning import REFUSED, drawn_apart
from commonweal.intake.media.kinds import kind_of
from commonweal.intake.media.picture import NotDrawn, drawn
from commonweal.intake.models import Attachment
from commonweal.members.contacts import Contact
from commonweal.networks.actions import create_network

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
MP3 = (b"\xff\xfb\x90\x64" + b"\x00" * 413) * 2


def image(format_="JPEG", size=(40, 20), mode="RGB", colour="red", **more):
    """A picture as a file."""
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, format_, **more)
    return out.getvalue()


def photograph(orientation=6):
    """A JPEG that says where, when and with what it was taken, and how the camera was held; its left end is blue."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0132], exif[0x0112] = "qqCamera", "2026:11:22 10:00:00", orientation
    exif.get_ifd(0x8825)[0x001D] = "qqPlace"
    taken = Image.new("RGB", (40, 20), "red")
    taken.paste("blue", (0, 0, 10, 20))
    out = io.BytesIO()
    taken.save(out, "JPEG", exif=exif, comment=b"qqComment", quality=95)
    return out.getvalue()


def bomb(width=20_000, height=10_000):
    """A PNG of 200 million points that weighs next to nothing."""

    def chunk(name, data):
        body = name + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    rows = zlib.compress(b"\x00" * (width * 3 + 1) * 200, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def opened(content):
    return Image.open(io.BytesIO(content))


class TestWhatItIs:
    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            (image(), "image/jpeg"),
            (image("PNG"), "image/png"),
            (image("GIF"), "image/gif"),
            (image("WEBP"), "image/webp"),
            (image("BMP"), ""),
            (image("TIFF"), ""),
            (SVG, ""),
            (b"<html><script>alert(1)</script>", ""),
            (b"GIF89", ""),
            (b"%PDF-1.7", ""),
            (b"", ""),
            (b"\xff", ""),
            (b"ID3\x04", "audio/mpeg"),
            (MP3, "audio/mpeg"),
            (b"\xff\xf1\x50\x80", "audio/aac"),
            (b"\xff\xe1\x00", ""),
            (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
            (b"RIFF\x00\x00\x00\x00AVI LIST", ""),
            (b"OggS\x00", "audio/ogg"),
            (b"#!AMR\n", "audio/amr"),
            (b"\x1aE\xdf\xa3", "audio/webm"),
            (b"\x00\x00\x00\x18ftypM4A \x00", "audio/mp4"),
            (b"\x00\x00\x00\x18ftypheic\x00", ""),
        ],
    )
    def test_its_own_first_bytes_say(self, content, kind):
        assert kind_of(content) == kind


class TestDrawing:
    def test_nothing_but_the_picture_is_left_of_a_photograph(self):
        content = photograph()
        assert b"qqCamera" in content
        assert b"qqPlace" in content
        made = drawn(content)
        assert not [word for word in (b"qq", b"Exif", b"2026") if word in made]
        assert not opened(made).getexif()

    @pytest.mark.parametrize(
        ("orientation", "size", "blue"),
        [
            (1, (40, 20), (2, 10)), (2, (40, 20), (37, 10)), (3, (40, 20), (37, 10)), (4, (40, 20), (2, 10)),
            (5, (20, 40), (10, 2)), (6, (20, 40), (10, 2)), (7, (20, 40), (10, 37)), (8, (20, 40), (10, 37)),
            (9, (40, 20), (2, 10)),
        ],
    )  # fmt: skip
    def test_it_stands_upright(self, orientation, size, blue):
        made = opened(drawn(photograph(orientation)))
        assert made.size == size
        red_, _green, blue_ = made.getpixel(blue)
        assert blue_ > 200 > 60 > red_

    @pytest.mark.parametrize(
        ("format_", "mode"),
        [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("PNG", "1"), ("PNG", "I;16"), ("GIF", "P"), ("WEBP", "RGBA"),
         ("JPEG", "L"), ("JPEG", "CMYK")],
    )  # fmt: skip
    def test_every_sort_of_colour_becomes_a_plain_picture(self, format_, mode):
        made = opened(drawn(image(format_, mode=mode, colour=1)))
        assert (made.format, made.mode, made.size) == ("JPEG", "RGB", (40, 20))

    def test_what_is_clear_is_paper(self):
        assert opened(drawn(image("PNG", mode="RGBA", colour=(0, 0, 0, 0)))).getpixel((5, 5)) == (
            255,
            255,
            255,
        )

    def test_what_moves_stands_still(self):
        frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
        out = io.BytesIO()
        frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
        made = opened(drawn(out.getvalue()))
        assert getattr(made, "n_frames", 1) == 1
        assert made.getpixel((5, 5))[0] > 200

    def test_what_is_large_becomes_small(self):
        assert opened(drawn(image(size=(4096, 1024)))).size == (2048, 512)

    def test_two_hundred_million_points_are_refused_before_any_is_read(self):
        began = time.process_time()
        with pytest.raises(NotDrawn):
            drawn(bomb())
        assert time.process_time() - began < 0.5

    @pytest.mark.parametrize(
        "content", [b"", SVG, image()[:60], image("BMP"), b"\x89PNG\r\n\x1a\n" + b"\x00" * 99]
    )
    def test_what_is_no_whole_picture_is_not_drawn(self, content):
        with pytest.raises(NotDrawn):
            drawn(content)


class TestApart:
    def test_a_process_of_its_own_draws_it(self):
        assert opened(drawn_apart(photograph())).size == (20, 40)

    @pytest.mark.parametrize("content", [b"", SVG, bomb(), b"\xff\xd8\xff" + b"\x00" * 100_000])
    def test_what_it_cannot_draw_is_nothing(self, content):
        assert drawn_apart(content) == b""

    def stand_in(self, monkeypatch, tmp_path, code):
        program = tmp_path / "painter.py"
        program.write_text(code)
        monkeypatch.setattr(picture, "__file__", str(program))

    def test_one_that_never_ends_is_ended(self, monkeypatch, tmp_path):
        monkeypatch.setattr(cleaning, "LONGEST_S", 0.3)
        self.stand_in(monkeypatch, tmp_path, "import sys, time; sys.stdin.buffer.read(); time.sleep(60)")
        assert drawn_apart(image()) == b""

    def test_one_that_does_not_listen_is_nothing(self, monkeypatch, tmp_path):
        self.stand_in(monkeypatch, tmp_path, "import os; os.close(0); os._exit(1)")
        assert drawn_apart(b"\xff\xd8\xff" + b"\x00" * 5_000_000) == b""

    def test_one_that_writes_without_end_is_not_listened_to(self, monkeypatch, tmp_path):
        monkeypatch.setattr(cleaning, "LARGEST_DRAWN", 1000)
        self.stand_in(monkeypatch, tmp_path, "import os\nwhile True: os.write(1, b'\\xff\\xd8\\xff' * 999)")
        assert drawn_apart(image()) == b""

    def test_it_knows_nothing_of_ours(self, monkeypatch, tmp_path):
        monkeypatch.setenv("COMMONWEAL_KEYS", "x" * 40)
        seen = tmp_path / "seen"
        self.stand_in(
            monkeypatch, tmp_path, f"import os; open({str(seen)!r}, 'w').write(str(sorted(os.environ)))"
        )
        drawn_apart(image())
        assert not [name for name in ("COMMONWEAL", "PATH", "HOME") if name in seen.read_text()]

    def test_it_is_bounded(self, tmp_path):
        source = f"""
import os, resource, sys
sys.path.insert(0, {str(picture.__file__).rpartition("/")[0]!r})
import picture
picture.bound()
said = [resource.getrlimit(resource.RLIMIT_AS)[0] == picture.MEMORY,
    resource.getrlimit(resource.RLIMIT_CPU)[0] == picture.CPU_S]
try:
    os.write(os.open({str(tmp_path / "written")!r}, os.O_CREAT | os.O_WRONLY), b"x")
    said.append("wrote")
except OSError:
    said.append("bounded")
try:
    bytearray(2 << 30)
    said.append("large")
except MemoryError:
    said.append("small")
print(said)
"""
        ran = subprocess.run(
            [sys.executable, "-I", "-c", source], capture_output=True, text=True, check=False, env={}
        )
        assert ran.stdout.strip() == "[True, True, 'bounded', 'small']", ran.stderr

    def test_alone_it_reads_and_writes(self, monkeypatch):
        monkeypatch.setattr(picture, "bound", lambda: None)
        for content, status in ((image(), 0), (SVG, 1)):
            out = io.TextIOWrapper(io.BytesIO())
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
            monkeypatch.setattr(sys, "stdout", out)
            assert picture.main() == status
            assert kind_of(out.buffer.getvalue()) == ("" if status else "image/jpeg")

    def test_a_system_that_knows_no_bounds_is_borne(self, monkeypatch):
        tried = []

        def refuse(what, _most):
            tried.append(what)
            raise ValueError

        monkeypatch.setattr(picture.resource, "setrlimit", refuse)
        picture.bound()
        assert len(tried) == 5


@pytest.fixture
def came(db):
    """Four things that came with one message."""
    contents = [photograph(), MP3, SVG, bomb()]
    receive(
        network=create_network(slug="elm", name="Elm Street"), channel="test", provider_id="1", text="see",
        sender=Contact(kind="phone", value="+14105550123"),
        media=[Media(kind="image", content=content, name=f"{place}.png") for place, content in enumerate(contents)],
    )  # fmt: skip
    return contents


class TestKeeping:
    def test_what_came_is_seen_to_once(self, came):
        assert attachments_wait()
        assert clean_due() == 4
        assert not attachments_wait()
        assert clean_due() == 0
        kept = {one.position: (one.kind, one.content) for one in Attachment.objects.all()}
        assert [kept[place][0] for place in range(4)] == ["image/jpeg", "audio/mpeg", REFUSED, REFUSED]
        assert [bool(kept[place][1]) for place in range(4)] == [True, True, False, False]
        assert b"qqPlace" not in base64.b64decode(kept[0][1])

    def test_what_another_was_faster_with_is_left_alone(self, came):
        mine, other = (Attachment.objects.get(position=0) for _number in range(2))
        assert clean(attachment=other)
        assert not clean(attachment=mine)
        assert mine.kind == "image/jpeg"
        assert not clean(attachment=mine)
