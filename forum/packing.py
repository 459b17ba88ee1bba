"""Answers packed for phones (gzip, RFC 1952): each page when it leaves, what is the same for many only once."""
import gzip
import re
import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache

from flask import Flask, Response, request

_COMPRESSIBLE = ("text/", "application/json", "application/javascript", "image/svg+xml")
_LEVEL = 6
_SMALLEST_BYTES = 500
_PACKED_KEPT = 100
"""Files, and lists of ideas for phones, of at most some 100 kB each."""

_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_END = b"\x03\x00"  # an empty last block


def init_app(app: Flask) -> None:
    app.after_request(_pack)


class Template:
    """A page with gaps, the same for all phones but for what fills the gaps: packed once, filled for each.

    Parameters
    ----------
    page : in which each of ``gaps`` stands, once or more often. Whatever fills a gap has as many bytes.
    """

    def __init__(self, page: str, gaps: Sequence[str]) -> None:
        self._parts = [part.encode() for part in re.split("(" + "|".join(map(re.escape, gaps)) + ")", page)]
        self._packed = [_block(self._parts, place) for place in range(0, len(self._parts), 2)]

    def response(self, fillings: Mapping[str, str]) -> Response:
        """The page, filled, for the request under way."""
        parts = [part if place % 2 == 0 else fillings[part.decode()].encode() for place, part in enumerate(self._parts)]
        if not _takes_gzip():
            return Response(b"".join(parts))
        response = Response(self._gzip(parts))
        _say_packed(response)
        return response

    def _gzip(self, parts: Sequence[bytes]) -> bytes:
        blocks, check, size = [_HEAD], 0, 0
        for place, part in enumerate(parts):
            blocks.append(_stored(part) if place % 2 else self._packed[place // 2])
            check, size = zlib.crc32(part, check), size + len(part)
        return b"".join((*blocks, _END, check.to_bytes(4, "little"), size.to_bytes(4, "little")))


def _block(parts: Sequence[bytes], place: int) -> bytes:
    """One part packed so that it may refer back to all before it, but to nothing in a gap: these stand as zeros,
    which no page has."""
    before = b"".join(bytes(len(part)) if number % 2 else part for number, part in enumerate(parts[:place]))
    packing = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS, zdict=before[-(1 << zlib.MAX_WBITS):])
    return packing.compress(parts[place]) + packing.flush(zlib.Z_SYNC_FLUSH)


def _stored(part: bytes) -> bytes:
    """A block of bytes as they are (RFC 1951, 3.2.4)."""
    size = len(part)
    return b"\x00" + size.to_bytes(2, "little") + (size ^ 0xFFFF).to_bytes(2, "little") + part


def _takes_gzip() -> bool:
    return "gzip" in request.headers.get("Accept-Encoding", "")


def _pack(response: Response) -> Response:
    """Gzip what a phone downloads; small or already packed answers are left alone."""
    if (not _takes_gzip() or response.status_code != 200
            or (response.is_streamed and not response.direct_passthrough)
            or response.headers.get("Content-Encoding")
            or not (response.mimetype or "").startswith(_COMPRESSIBLE)):
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < _SMALLEST_BYTES:
        return response
    # An answer with a name, or that anybody may keep, is the same for many.
    is_for_many = "ETag" in response.headers or "public" in response.headers.get("Cache-Control", "")
    response.set_data(_packed_once(body) if is_for_many else _packed(body))
    _say_packed(response)
    # A strong ETag names exact bytes; the packed ones differ.
    etag, _weak = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)
    return response


def _say_packed(response: Response) -> None:
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")


@lru_cache(_PACKED_KEPT)
def _packed_once(body: bytes) -> bytes:
    return _packed(body)


def _packed(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=_LEVEL, mtime=0)
