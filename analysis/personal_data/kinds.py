"""Kinds of personal data and the words that are shown instead."""

from __future__ import annotations

from dataclasses import dataclass

NIK = "nik"
KK = "kk"
NPWP = "npwp"
PHONE = "phone"
EMAIL = "email"
PLATE = "plate"
ADDRESS = "address"
BANK_ACCOUNT = "bank_account"

MASKS = {
    NIK: "[NIK]",
    KK: "[nomor KK]",
    NPWP: "[NPWP]",
    PHONE: "[nomor telepon]",
    EMAIL: "[surel]",
    PLATE: "[nomor kendaraan]",
    ADDRESS: "[alamat]",
    BANK_ACCOUNT: "[nomor rekening]",
}

Span = tuple[str, int, int]
"""Kind, start and end of what a detector found."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Personal data at ``text[start:end]``; ``kind`` is a key of ``MASKS``, ``mask`` the words to show instead."""

    kind: str
    start: int
    end: int
    mask: str
