"""A picture as a phone sends it, judged by what it holds and written anew: nothing but its pixels stays.

Type and name that a browser tells are not asked: what Pillow decodes as JPEG, PNG or WebP is a picture. The size in
pixels is read from the head of the file, and refused before anything is decoded. Written anew as JPEG, a picture has
no EXIF, no place, no comment and no second file behind its end.
"""
import struct
import threading
import warnings
import zlib
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO

from flask_babel import gettext as _
from PIL import Image, ImageOps

from forum.errors import ForumError

MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 50_000_000
"""Decoded at three bytes each; the phone's script sends less than 3 million."""

LONGEST_SIDE = 1600
_QUALITY = 80
_FORMATS = ("JPEG", "PNG", "WEBP")
_BROKEN = (OSError, ValueError, SyntaxError, TypeError, IndexError, EOFError, struct.error, zlib.error)
# Pillow warns from 89 megapixels on, while it opens a file; here that ends it. Set once: filters are not per thread.
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
# Large ones take turns, so that many at once cannot fill the memory.
_decoding = threading.BoundedSemaphore(2)


class UnusablePhoto(ForumError):
    """Too large, of another type, or broken; the message says what helps."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG without anything but pixels; width and height in pixels."""

    content: bytes
    width: int
    height: int


def written_anew(content: bytes) -> Picture:
    """The picture in its upright position, at most `LONGEST_SIDE` pixels long. Raises `UnusablePhoto`."""
    if len(content) > MAX_BYTES:
        raise UnusablePhoto(_("Foto ini lebih besar dari 8 MB. Pilih foto yang lebih kecil, atau kirim tanpa foto."))
    try:
        with _decoding:
            return _written(content)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except _BROKEN as error:
        raise UnusablePhoto(_("Berkas ini bukan foto JPEG, PNG, atau WebP yang utuh. Pilih foto lain, atau kirim "
                              "tanpa foto.")) from error


def _written(content: bytes) -> Picture:
    with Image.open(BytesIO(content), formats=_FORMATS) as image:
        if image.width * image.height > MAX_PIXELS:
            raise _too_many_pixels()
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded no larger than needed
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        # Onto a sheet of its own: what hangs on the old picture (comments, profiles) stays there.
        sheet = Image.new("RGB", upright.size, "white")
        if upright.has_transparency_data:
            upright = upright.convert("RGBA")
            sheet.paste(upright, mask=upright)
        else:
            sheet.paste(upright.convert("RGB"))
    target = BytesIO()
    sheet.save(target, "JPEG", quality=_QUALITY, optimize=True)
    return Picture(target.getvalue(), sheet.width, sheet.height)


def _too_many_pixels() -> UnusablePhoto:
    return UnusablePhoto(_("Foto ini terlalu besar ukurannya (lebih dari 50 megapiksel). Pilih foto lain, atau kirim "
                           "tanpa foto."))
