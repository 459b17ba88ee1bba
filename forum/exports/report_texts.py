"""The words around the list in a workbook: summary, method, metadata, headings of the entries.

Indonesian in every language of the page: the workbook is a document of the city.
"""
from dataclasses import dataclass
from datetime import date

from forum.exports.contents import Contents, Entry
from forum.exports.issue_list import APPROACH_HEADINGS, canonical_json
from forum.formatting import public_id, zone_label

KIND_HEADINGS = {"problem": "Masalah", "proposal": "Usulan", "practice": "Praktik baik",
                 "evaluation": "Evaluasi program"}
ENTRY_COLUMNS = (("ID masukan", 11), ("Kode isu", 9), ("Jenis", 16), ("Pendekatan", 16), ("Masukan", 80),
                 ("Unsur", 22), ("Kelurahan", 22), ("Tanggal", 18), ("Setuju", 9), ("Tidak setuju", 9),
                 ("Lewati", 9))
NO_ISSUE = "–"
_MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
           "November", "Desember")
_METHOD = (
    "Setiap penilai memberi nilai pada tiap kriteria. "
    "Total = jumlah nilai dikalikan bobot kriteria, dirata-ratakan atas semua penilai (Kepner dan Tregoe, 1981). "
    "Isu dengan total sama mendapat peringkat sama dan peringkat berikutnya dilewati (1, 2, 2, 4); "
    "urutannya menurut judul. "
    "Rentang peringkat adalah peringkat terbaik dan terburuk bila tiap penilai bergantian tidak dihitung dan bila "
    "bobot tiap kriteria bergantian diturunkan dan dinaikkan 10 persen. "
    "Simpangan adalah simpangan baku total antarpenilai. "
    "Dukungan peserta ditampilkan di samping nilai dan tidak menambah nilai. "
    "Jumlah orang adalah penulis masukan; jumlah pendukung adalah orang berbeda yang menulis atau menyetujui "
    "sedikitnya satu masukan isu itu."
)
_PRIVACY = (
    "Berkas ini tidak memuat nama, kontak, atau kode tanda terima peserta. NIK, nomor telepon, surel, pelat kendaraan, "
    "dan alamat rumah di dalam teks disamarkan. Masukan yang disembunyikan, ditarik, atau masih menunggu moderasi "
    "tidak dimuat teksnya."
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of a sheet with two columns."""

    label: str
    value: str | int


def long_date(day: date) -> str:
    """9 Desember 2024."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def summary(contents: Contents) -> list[Fact]:
    accounting = contents.accounting
    sittings = "\n".join(f"{sitting.title}, {sitting.place}, {long_date(sitting.held_on)}" if sitting.place
                         else f"{sitting.title}, {long_date(sitting.held_on)}" for sitting in contents.sittings)
    n_issues = len(contents.issue_list.rows)
    return [
        Fact("Konsultasi", contents.title),
        Fact("Kota", contents.city),
        Fact("Penyelenggara", contents.controller),
        Fact("Sesi forum", sittings),
        Fact("Keadaan data per", _moment(contents)),
        Fact("Masukan diterima", accounting.received),
        Fact("  di dalam tema", accounting.in_themes),
        Fact("  tanpa tema", accounting.unassigned),
        Fact("  menunggu", accounting.waiting),
        Fact("  disembunyikan dengan alasan", accounting.hidden),
        Fact("  ditarik peserta", accounting.withdrawn),
        Fact("Hitungan", accounting_line(contents)),
        Fact("Jumlah orang", contents.n_people),
        Fact("Orang per unsur", "; ".join(f"{name}: {count}" for name, count in contents.people_by_group.items())),
        Fact("Isu yang dinilai", contents.n_ranked),
        Fact("Isu yang belum dinilai", n_issues - contents.n_ranked),
        Fact("Jumlah penilai", contents.n_assessors),
        Fact("Kriteria", _criteria(contents)),
        Fact("Cara menentukan peringkat", _METHOD),
        Fact("Perlindungan data pribadi", _PRIVACY),
    ]


def accounting_line(contents: Contents) -> str:
    """Received = in themes + unassigned + waiting + hidden + withdrawn, with the numbers."""
    parts = contents.accounting
    return (f"{parts.received} diterima = {parts.in_themes} di dalam tema + {parts.unassigned} tanpa tema + "
            f"{parts.waiting} menunggu + {parts.hidden} disembunyikan + {parts.withdrawn} ditarik")


def metadata(contents: Contents) -> list[Fact]:
    run = contents.run
    facts = [
        Fact("SHA-256 daftar isu", contents.issue_list.content_hash),
        Fact("Keadaan data per", _moment(contents)),
        Fact("Nomor konsultasi", contents.consultation_id),
        Fact("Kriteria", _criteria(contents)),
    ]
    if run is None:
        return [*facts, Fact("Analisis", "belum pernah dijalankan")]
    return [
        *facts,
        Fact("Nomor analisis", run.id),
        Fact("Selesai dianalisis", run.finished_at.strftime("%Y-%m-%d %H:%M:%S %z")),
        Fact("Jumlah teks yang dianalisis", run.n_documents),
        Fact("Sidik jari masukan analisis", run.fingerprint),
        Fact("Pengaturan analisis", canonical_json(run.settings)),
        Fact("Versi perangkat lunak analisis", canonical_json(run.versions)),
    ]


def entry_columns(contents: Contents) -> list[tuple[str, int]]:
    """Headings and widths of the list of entries: `ENTRY_COLUMNS`, then one column per question."""
    return [*ENTRY_COLUMNS, *((question, 24) for question in contents.questions)]


def entry_cells(entry: Entry) -> tuple[str | int, ...]:
    """The cells of `entry_columns`."""
    return (public_id(entry.submission_id), entry.issue_code or NO_ISSUE, KIND_HEADINGS[entry.kind],
            APPROACH_HEADINGS[entry.approach] if entry.approach else "", entry.text, entry.group, entry.area,
            long_date(entry.received_on), entry.n_agree, entry.n_disagree, entry.n_pass, *entry.answers)


def _criteria(contents: Contents) -> str:
    return "; ".join(f"{one.code} = {one.name}, skala {one.low} sampai {one.high}, bobot {one.weight:g}"
                     for one in contents.issue_list.weights)


def _moment(contents: Contents) -> str:
    moment = contents.as_of
    zone = zone_label(moment.tzinfo) if hasattr(moment.tzinfo, "key") else moment.strftime("%z")
    return f"{long_date(moment.date())}, {moment:%H.%M} {zone}"
