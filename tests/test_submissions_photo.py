"""A photo with an idea: judged by content, written anew without metadata, kept once, gone on withdrawal."""
import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from phone import BODY, FORM, FROM_OUR_PAGE, JSON, PROBLEM, hidden_fields, send, sent, stored
from PIL import Image, PngImagePlugin

from forum.submissions.pictures import LONGEST_SIDE, UnusablePhoto, written_anew

GPS_PLACE = b"7 derajat Selatan"


def picture(fmt="JPEG", size=(60, 40), mode="RGB", **options):
    target = BytesIO()
    Image.new(mode, size, "teal").save(target, fmt, **options)
    return target.getvalue()


def with_place():
    exif = Image.Exif()
    exif[0x010E] = "halaman rumah saya"
    exif[0x0112] = 6  # turned by a quarter
    exif.get_ifd(0x8825)[27] = GPS_PLACE
    return picture(exif=exif, comment=b"milik saya")


def png_that_claims(width, height):
    """A small file whose head promises many pixels."""
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + body + chunk(b"IEND", b"")


def attached(content, name="foto.jpg"):
    return {"photo": (BytesIO(content), name)}


def send_large(client, fields):
    """`send`, closing the file in which the test's own browser builds a large request."""
    answer = send(client, fields)
    answer.request.environ["wsgi.input"].close()
    return answer


def files(app):
    return sorted((Path(app.instance_path) / "uploads").glob("*"))


class TestWrittenAnew:
    @pytest.mark.parametrize("fmt", ["JPEG", "PNG", "WEBP"])
    def test_every_common_type_becomes_a_jpeg(self, context, fmt):
        made = Image.open(BytesIO(written_anew(picture(fmt)).content))
        assert (made.format, made.mode, made.size) == ("JPEG", "RGB", (60, 40))

    @pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "L", "I;16"])
    def test_every_kind_of_pixel_is_understood(self, context, mode):
        target = BytesIO()
        Image.new(mode, (5, 4)).save(target, "PNG")
        assert written_anew(target.getvalue()).width == 5

    def test_what_can_be_seen_through_becomes_white(self, context):
        target = BytesIO()
        Image.new("RGBA", (5, 4), (0, 0, 0, 0)).save(target, "PNG")
        assert Image.open(BytesIO(written_anew(target.getvalue()).content)).getpixel((2, 2)) == (255, 255, 255)

    def test_place_words_and_whatever_follows_the_end_are_gone_and_it_stands_upright(self, context):
        before = with_place() + b"<script>alert(1)</script>"
        assert GPS_PLACE in before
        made = written_anew(before)
        after = Image.open(BytesIO(made.content))
        assert not after.getexif()
        assert "comment" not in after.info
        assert "exif" not in after.info
        for trace in (GPS_PLACE, b"halaman rumah", b"milik saya", b"script"):
            assert trace not in made.content
        assert (made.width, made.height) == (40, 60)

    def test_words_inside_a_png_are_gone(self, context):
        words = PngImagePlugin.PngInfo()
        words.add_text("Comment", "alamat saya")
        assert b"alamat" not in written_anew(picture("PNG", pnginfo=words)).content

    def test_a_large_one_becomes_small_in_proportion(self, context):
        made = written_anew(picture(size=(4000, 1000)))
        assert (made.width, made.height) == (LONGEST_SIDE, LONGEST_SIDE // 4)

    @pytest.mark.parametrize("content", [
        b"", b"bukan foto", b"\xff\xd8\xff\xe0" + b"x" * 500, b"GIF89a" + b"\0" * 50, b"<svg xmlns='x'/>",
        picture("GIF", mode="P"), picture("BMP"), picture("TIFF"), picture()[:200], picture("PNG")[:60],
        b"%PDF-1.7\n" + picture()])
    def test_what_is_no_photo_is_refused(self, context, content):
        with pytest.raises(UnusablePhoto, match="bukan foto"):
            written_anew(content)

    @pytest.mark.parametrize("side", [7_100, 9_500, 20_000, 60_000])
    def test_a_picture_bomb_is_refused_before_it_is_decoded(self, context, side):
        with pytest.raises(UnusablePhoto, match="megapiksel"):
            written_anew(png_that_claims(side, side))


class TestOnTheForm:
    def test_it_is_kept_and_seen_by_author_and_staff_only(self, app, client, as_facilitator, sitting):
        path = sent(client, **attached(with_place()))
        entry = stored(app)[0]["entry"]
        assert f"{path}/photo" in client.get(path).text
        assert f"/staff/submissions/{entry}/photo" in as_facilitator.get(
            f"/staff/consultations/{stored_consultation(app)}/submissions").text
        for browser, address in ((client, f"{path}/photo"), (as_facilitator, f"/staff/submissions/{entry}/photo")):
            answer = browser.get(address)
            assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Cache-Control"] == "no-store"
            assert Image.open(BytesIO(answer.data)).size == (40, 60)
            assert GPS_PLACE not in answer.data
            answer.close()
        assert client.get(f"/staff/submissions/{entry}/photo").status_code == 303
        assert client.get("/r/00000000000000/photo").status_code == 404
        assert [file.stat().st_mode & 0o077 for file in files(app)] == [0]

    def test_without_one_nothing_changes(self, app, client, sitting):
        path = sent(client, photo=(BytesIO(b""), ""))
        assert "/photo" not in client.get(path).text
        assert client.get(path + "/photo").status_code == 404
        assert files(app) == []

    @pytest.mark.parametrize(("content", "message"), [
        (b"MZ bukan foto", "bukan foto JPEG"), (b"\xff" * (30 * 1024 * 1024), "lebih besar dari 8 MB"),
        (png_that_claims(20_000, 20_000), "megapiksel")], ids=["wrong type", "30 MB", "bomb"])
    def test_a_refused_photo_loses_no_word(self, app, client, sitting, content, message):
        fields = {**hidden_fields(client.get(FORM).text), **PROBLEM}
        answer = send_large(client, {**fields, **attached(content)})
        assert answer.status_code == 422
        assert message in answer.text
        assert 'href="#photo"' in answer.text
        assert BODY in answer.text
        assert hidden_fields(answer.text)["key"] == fields["key"]
        assert (stored(app), files(app)) == ([], [])

        assert send(client, {**fields, **attached(picture())}).status_code == 303
        assert len(files(app)) == 1

    def test_a_script_is_told_which_field(self, client, sitting):
        fields = {**hidden_fields(client.get(FORM).text), **PROBLEM}
        answer = client.post(FORM, data={**fields, **attached(b"x")}, headers=JSON)
        assert (answer.status_code, list(answer.json["errors"])) == (422, ["photo"])

    def test_another_mistake_asks_for_the_photo_again(self, app, client, sitting):
        answer = send(client, body="", **attached(picture()))
        assert answer.status_code == 422
        assert "Pilih lagi foto Anda" in answer.text
        assert files(app) == []

    def test_repeats_keep_one_photo(self, app, client, sitting):
        fields = {**hidden_fields(client.get(FORM).text), **PROBLEM}
        answers = [client.post(FORM, data={**fields, **attached(picture(size=size))}, headers=JSON)
                   for size in ((60, 40), (60, 40), (30, 30))]
        assert [answer.status_code for answer in answers] == [201, 201, 201]
        assert len({answer.json["receipt"] for answer in answers}) == 1
        assert len(files(app)) == 1
        with client.get(f"/r/{answers[0].json['receipt']}/photo") as answer:
            assert Image.open(BytesIO(answer.data)).size == (60, 40)

    def test_other_words_under_the_same_key_leave_no_file(self, app, client, sitting):
        fields = {**hidden_fields(client.get(FORM).text), **PROBLEM}
        assert send(client, {**fields, **attached(picture())}).status_code == 303
        assert send(client, {**fields, "body": "Tulisan lain sama sekali.", **attached(picture())}).status_code == 409
        assert len(files(app)) == 1

    def test_withdrawal_removes_it_from_the_disk(self, app, client, sitting):
        path = sent(client, **attached(picture()))
        assert len(files(app)) == 1
        client.post(path + "/withdraw", headers=FROM_OUR_PAGE)
        assert files(app) == []
        assert client.get(path + "/photo").status_code == 404

    def test_beyond_all_bounds_the_page_says_so(self, client, sitting):
        fields = {**hidden_fields(client.get(FORM).text), **PROBLEM}
        assert send_large(client, {**fields, **attached(b"\0" * (41 * 1024 * 1024))}).status_code == 413


def stored_consultation(app):
    from forum.db import db
    from forum.submissions.models import Submission

    with app.app_context():
        return db.session.scalar(db.select(Submission.consultation_id).where(Submission.id == stored(app)[0]["entry"]))
