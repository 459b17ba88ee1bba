"""What the phones of a hall send."""
import secrets
from uuid import uuid4

from bench.http_client import post
from forum.submissions import receipt

_PLACES = ("Gang Mawar", "dekat pasar", "tepi kali", "depan sekolah", "pojok lapangan")


def idea() -> dict[str, str]:
    """The fields of one idea with a key and a receipt of its own."""
    number = secrets.randbelow(10_000)
    return {"kind": "problem", "body": f"Selokan nomor {number} mampet, air masuk ke rumah warga setiap hujan deras.",
            "group": "resident", "area": "-", "place": _PLACES[number % 5], "consent": "y", "key": str(uuid4()),
            "receipt": receipt.new()}


def send(code: str, fields: dict[str, str]) -> bytes:
    """The request by which a phone sends an idea; each has a participant key of its own."""
    return post(f"/s/{code}", fields, Cookie=f"participant={secrets.token_hex(16)}; profile=resident|-")
