"""Finding and masking personal data. All numbers and names here are invented."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import find_personal_data, mask
from analysis.personal_data.kinds import MASKS

# (kind, exact part to be found, text)
POSITIVE = [
    ("nik", "3375011203850001", "NIK saya 3375011203850001, mohon dicek"),
    ("nik", "3375015203850002", "3375015203850002 belum terdaftar bansos"),
    ("nik", "3375 0112 0385 0003", "no ktp 3375 0112 0385 0003"),
    ("nik", "33.75.01.120385.0004", "Nomor induk kependudukan: 33.75.01.120385.0004"),
    ("nik", "337501-120385-0005", "nik:337501-120385-0005."),
    ("nik", "3375991299850006", "NIK 3375991299850006 salah ketik tanggal"),
    ("nik", "3326016508990007", "(3326016508990007)"),
    ("nik", "3375 01 120385 0008", "data atas 3375 01 120385 0008 keliru"),
    ("kk", "3375010101150009", "No KK 3375010101150009 sudah pindah"),
    ("kk", "3375020202160010", "kartu keluarga 3375020202160010 belum jadi"),
    ("kk", "3375.0303.0317.0011", "KK: 3375.0303.0317.0011"),
    ("npwp", "12.345.678.9-502.000", "NPWP 12.345.678.9-502.000"),
    ("npwp", "09.254.294.3-407.000", "pajak usaha 09.254.294.3-407.000 menunggak"),
    ("npwp", "123456789502000", "npwp: 123456789502000"),
    ("npwp", "0123456789502000", "Nomor pokok wajib pajak 0123456789502000"),
    ("npwp", "12 345 678 9 502 000", "NPWP saya 12 345 678 9 502 000"),
    ("phone", "081234567890", "hubungi 081234567890"),
    ("phone", "0812-3456-7890", "WA 0812-3456-7890 ya"),
    ("phone", "0812 3456 7890", "telp 0812 3456 7890 sore"),
    ("phone", "0812.3456.7890", "hp 0812.3456.7890."),
    ("phone", "+6281234567890", "kontak +6281234567890"),
    ("phone", "+62 812 3456 7890", "kontak +62 812 3456 7890"),
    ("phone", "+62 812-3456-7890", "Bu Sri +62 812-3456-7890"),
    ("phone", "+62-856-4321-987", "(+62-856-4321-987)".strip("()")),
    ("phone", "62812345678901", "wa.me 62812345678901"),
    ("phone", "6285712345678", "nomor 6285712345678 aktif"),
    ("phone", "(0812) 3456789", "telepon (0812) 3456789"),
    ("phone", "(+62) 812 3456 789", "telp (+62) 812 3456 789"),
    ("phone", "0857 1234 567", "cp 0857 1234 567"),
    ("phone", "085 712 345 678", "Pak Tarno 085 712 345 678"),
    ("phone", "0877 12 34 56 78", "sms 0877 12 34 56 78"),
    ("phone", "0898-765-432", "0898-765-432 (anak saya)"),
    ("phone", "o81234567890", "WA o81234567890"),
    ("phone", "0812 3456 7890", "0812 3456 7890 2025 tahun lalu"),
    ("phone", "08123456789", "nomor 08123456789 20 orang sudah hubungi"),
    ("phone", "0812 – 3456 – 7890", "HP 0812 – 3456 – 7890"),
    ("phone", "81234567890", "wa 81234567890"),
    ("phone", "812-3456-7890", "hubungi 812-3456-7890"),
    ("phone", "(0285) 421234", "kantor (0285) 421234"),
    ("phone", "0285-421234", "rumah 0285-421234"),
    ("phone", "0285 421 234", "telp 0285 421 234"),
    ("phone", "021-5551234", "021-5551234 kakak saya di Jakarta"),
    ("phone", "0285421234", "telp 0285421234"),
    ("phone", "+62 285 421234", "fax +62 285 421234"),
    ("email", "siti.aminah@gmail.com", "kirim ke siti.aminah@gmail.com."),
    ("email", "budi_99@yahoo.co.id", "budi_99@yahoo.co.id"),
    ("email", "warga+rob@contoh.or.id", "surel warga+rob@contoh.or.id ya"),
    ("email", "tarno@contoh.id", "<tarno@contoh.id>"),
    ("email", "siti.aminah @gmail.com", "email siti.aminah @gmail.com"),
    ("email", "siti(at)gmail.com", "tulis siti(at)gmail.com"),
    ("email", "siti [at] gmail [dot] com", "siti [at] gmail [dot] com"),
    ("plate", "G 1234 AB", "Truk G 1234 AB parkir sembarangan"),
    ("plate", "G 4321 XY", "nopol G 4321 XY"),
    ("plate", "B1234CDE", "mobil B1234CDE"),
    ("plate", "AA 5678 QR", "AA 5678 QR ngebut di gang"),
    ("plate", "g 1234 ab", "motor g 1234 ab knalpot brong"),
    ("plate", "g1234ab", "itu g1234ab tiap malam"),
    ("plate", "H-4567-ZZ", "plat H-4567-ZZ"),
    ("plate", "G 7 A", "nomor polisi G 7 A"),
    ("plate", "K 88 BC", "angkot K 88 BC"),
    ("plate", "G.3456.KA", "kendaraan G.3456.KA"),
    ("address", "Jl. Melati No. 12", "rumah di Jl. Melati No. 12 kebanjiran"),
    ("address", "Jl. Melati No. 12 RT 03 RW 05", "Jl. Melati No. 12 RT 03 RW 05"),
    ("address", "jalan kenanga nomor 7", "jalan kenanga nomor 7 paling parah"),
    ("address", "Gang Mawar 3 no 5", "Gang Mawar 3 no 5"),
    ("address", "Perumahan Asri Indah Blok C2 No. 14", "Perumahan Asri Indah Blok C2 No. 14"),
    ("address", "RT 03 RW 05", "di RT 03 RW 05 banyak sampah"),
    ("address", "RT 03/RW 05", "warga RT 03/RW 05"),
    ("address", "rt.02/rw.04", "alamat saya rt.02/rw.04"),
    ("address", "RT 02/04", "RT 02/04 belum dapat"),
    ("address", "RT/RW 02/04", "RT/RW 02/04"),
    ("address", "RT05 RW01", "RT05 RW01 gelap"),
    ("address", "RW 05 RT 02", "RW 05 RT 02"),
    ("address", "rt 1 rw 2 no 15", "rt 1 rw 2 no 15 atapnya bocor"),
    ("address", "rumah saya nomor 8 RT 01 RW 02", "rumah saya nomor 8 RT 01 RW 02"),
    ("address", "Jl Teratai RT 01/RW 02", "Jl Teratai RT 01/RW 02"),
    ("address", "jln. Cempaka Gg. 2 No 9A", "jln. Cempaka Gg. 2 No 9A"),
    ("bank_account", "1234567890", "transfer ke BCA 1234567890 a.n. Siti"),
    ("bank_account", "0012-01-012345-50-1", "rekening BRI 0012-01-012345-50-1"),
    ("bank_account", "139-00-1234567-8", "Mandiri 139-00-1234567-8"),
    ("bank_account", "0123456789", "no rek BNI: 0123456789"),
    ("bank_account", "7123456789", "norek 7123456789 (BSI)"),
    ("bank_account", "2-034-56789-0", "Bank Jateng 2-034-56789-0"),
    ("bank_account", "0012 01 012345 50 1", "rekening BRI 0012 01 012345 50 1 atas nama Tarno"),
    ("bank_account", "001201012345501", "iuran lewat rekening 001201012345501"),
]

NEGATIVE = [
    "",
    "Sampah menumpuk di pinggir kali",
    "rob tahun 2020 setinggi 60 cm",
    "dari tahun 2019-2024 tidak ada perbaikan",
    "jam 08.00 - 16.00 antre",
    "jam 08.15-09.30 antre di puskesmas",
    "tanggal 08-12-2025 rapat",
    "17 Agustus 1945",
    "12/08/2025 pukul 08.30",
    "anggaran Rp 1.500.000.000 untuk pompa",
    "Rp 10.000.000",
    "rp081234567 salah cetak harga"[:4] + " 500.000",
    "biaya 150.000.000 rupiah",
    "bantuan Rp600.000 per bulan",
    "hubungi 112 kalau darurat",
    "call center 1500123",
    "telepon 119 tidak diangkat",
    "RT 03 gelap gulita",
    "warga RW 05 kerja bakti",
    "ketua RT dan RW belum rembugan",
    "RT/RW diminta mendata",
    "3 RT terendam",
    "iuran RT 5000 per bulan",
    "di RT 5 sering banjir",
    "jalan rusak 200 meter",
    "jalan no 1 di kota ini paling rusak"[6:],
    "Jl. Jenderal Sudirman macet",
    "gang kecil tidak ada lampu",
    "program nomor 1 adalah banjir",
    "usulan nomor 3 setuju",
    "pasal 27 UU 27/2022",
    "Perda No. 8 Tahun 2013",
    "UU No 25 Tahun 2004",
    "limbah B3 dibuang ke sungai",
    "LIMBAH B3 DI KALI",
    "kertas A4 habis",
    "vaksin H1N1",
    "G20 di Bali",
    "jaringan 4G lemot",
    "TPS 3R belum jalan",
    "TPS3R mangkrak",
    "lampu 100 W",
    "LAMPU B 100 W MATI",
    "pipa D 110 MM",
    "D 10 M dari rumah",
    "sepanjang 3,5 km",
    "koordinat -6.8886, 109.6753",
    "-6.88861234, 109.67531234",
    "skor 4 dari 5",
    "50 % warga setuju",
    "100 ribu rupiah di rekening listrik",
    "rekening listrik 150.000 per bulan",
    "bank sampah 3 titik",
    "bank sampah menerima 1.250 kg",
    "tabungan BRI Rp 25.000.000",
    "transfer BCA sebesar 10000000000 rupiah",
    "versi 1.2.3.4",
    "kode usulan 1234-5678",
    "nomor antrean 0123",
    "nomor resi 9912345678901234567890",
    "pukul 0800",
    "siswa kelas 7 SMP",
    "usia 17-25 tahun",
    "bahan bakar 10 liter",
    "ukuran 3x4 meter",
    "email ke kelurahan tidak dibalas",
    "akun @pemkot tidak membalas",
    "diskon 50% @ toko",
    "KTP dan KK hilang waktu rob",
    "NIK tidak terbaca di aplikasi",
    "nomor HP wajib diisi padahal lansia tidak punya",
    "plat nomor luar kota banyak",
    "motor 2 tak berisik",
    "mobil 1000 cc",
    "motor 150 cc kena pajak",
    "1234567890123456",
    "nilai 9999999999999999 aneh",
    "ISBN 978-602-8519-93-9",
    "suhu 38.5 derajat",
    "periode 2021/2022 dan 2022/2023",
    "nomor rumah belum dipasang",
    "warga 2000 KK terdampak",
    "sekitar 3375 jiwa",
    "33.75.01 kode wilayah",
    "kode wilayah 33.75.01.1002",
    "data 08 Maret 2021 dan 09 April 2022",
    "P 500 RB",
    "AA baterai 4 buah",
    "mobil balap A1 GP",
]


@pytest.mark.parametrize(("kind", "part", "text"), POSITIVE)
def test_personal_data_is_found_with_its_kind_and_place(kind, part, text):
    start = text.index(part)

    found = find_personal_data(text)

    assert [(f.kind, text[f.start : f.end]) for f in found] == [(kind, part)]
    assert found[0].start == start
    assert mask(text) == text[:start] + MASKS[kind] + text[start + len(part) :]


@pytest.mark.parametrize("text", NEGATIVE)
def test_ordinary_numbers_and_words_are_left_alone(text):
    assert find_personal_data(text) == ()
    assert mask(text) == text


def test_several_kinds_in_one_text_are_all_masked():
    text = (
        "Siti, NIK 3375015203850002, HP 0812-3456-7890, siti@contoh.id, "
        "Jl. Melati No. 12 RT 03 RW 05, motor G 1234 AB"
    )

    assert mask(text) == "Siti, NIK [NIK], HP [nomor telepon], [surel], [alamat], motor [nomor kendaraan]"


def test_numbers_side_by_side_are_told_apart():
    text = "KK 3375010101150009 NIK 3375015203850002 081234567890 081298765432, BCA 1234567890 / 7987654321"

    assert mask(text) == (
        "KK [nomor KK] NIK [NIK] [nomor telepon] [nomor telepon], BCA [nomor rekening] / [nomor rekening]"
    )


def test_findings_come_in_reading_order_and_do_not_overlap():
    text = "rek BCA 1234567890 hp 081234567890 nik 3375015203850002 " * 3

    found = find_personal_data(text)

    assert len(found) == 9
    assert all(first.end <= second.start for first, second in pairwise(found))


@settings(max_examples=200)
@given(
    st.lists(
        st.one_of(
            st.sampled_from([text for _, _, text in POSITIVE]),
            st.sampled_from(NEGATIVE),
            st.text(alphabet="0123456789 .-/+RTrwgG()@", max_size=30),
        ),
        max_size=6,
    ).map(" ".join)
)
def test_masking_twice_changes_nothing_more(text):
    once = mask(text)

    assert mask(once) == once


def test_a_long_text_of_digits_is_read_in_one_pass():
    text = "0812 " * 20_000 + "jl " * 20_000

    assert isinstance(mask(text), str)
