"""Invented forum texts with known themes, for the tests of ``analysis``. Five themes of twelve, easy on purpose."""

import random
from itertools import permutations

from analysis import Document

WASTE = """Sampah menumpuk di depan pasar setiap pagi
Truk pengangkut sampah jarang datang ke kampung kami
Sampahe numpuk ning pinggir kali, ambune ora karuan
TPS dekat sekolah penuh dan sampah meluber ke jalan
Bank sampah perlu timbangan dan gerobak pengangkut
Warga membakar sampah karena truk tidak datang
Sampah plastik dari pasar hanyut ke kali
Jadwal pengangkut sampah tidak jelas, TPS penuh terus
Gerobak sampah rusak, TPS jadi bau dan penuh
Bikin bank sampah di tiap kampung supaya plastik tidak dibakar
Bau sampah pasar sampai ke kelas sekolah
Pengangkut sampah minta iuran tapi truk jarang lewat TPS""".splitlines()

FLOOD = """Air rob masuk rumah setiap pasang tinggi
Tanggul jebol sehingga rob menggenangi kampung nelayan
Pompa air mati saat rob, rumah terendam dua hari
Banyu rob mlebu omah, pompane mati
Tinggikan tanggul supaya air pasang tidak masuk rumah
Sensor tinggi air pasang perlu dipasang di tanggul
Rumah kami terendam rob, lantai sudah tiga kali ditinggikan
Pompa rob butuh solar dan penjaga malam
Tanggul bocor, air pasang merembes ke rumah
Saat pasang, genangan rob di kampung setinggi lutut
Rob merendam rumah, pompa telat dinyalakan
Peringatan pasang tinggi lewat pengeras suara agar warga siap menghadapi rob""".splitlines()

LIGHT = """Lampu PJU mati di gang belakang masjid
Gang gelap karena lampu jalan padam berbulan-bulan
PJU padam, ibu pulang pengajian takut lewat gang gelap
Lampune mati, dalane peteng
Pasang lampu tenaga surya di gang yang gelap
Tiang PJU miring dan lampunya kedip
Lampu penerangan padam sejak kabel PJU dicuri
Kabel lampu jalan dicuri sehingga gang gelap gulita
Mohon tiang lampu baru, gang kami gelap
PJU menyala siang hari tapi malam padam
Lampu tenaga surya di tiang sudah redup, gelap sekali
Penerangan gang kurang, lampu PJU hanya satu tiang""".splitlines()

CLINIC = """Antrean puskesmas terlalu lama sejak subuh
Dokter puskesmas datang siang padahal pasien antre
Pendaftaran puskesmas lewat ponsel supaya pasien tidak antre
Obat di puskesmas habis, pasien disuruh beli sendiri
Posyandu lansia butuh dokter yang datang tiap bulan
Kartu BPJS ditolak puskesmas, pasien pulang
Antre dokter gigi puskesmas dua jam
Obat darah tinggi untuk lansia sering habis di posyandu
Perawat puskesmas ramah tapi antrean pasien panjang
Nomor antrean puskesmas dibagikan lewat pesan singkat
Puskesmas buka sore untuk pasien buruh
Dokter kunjungan ke rumah pasien lansia""".splitlines()

PARKING = """Parkir liar di trotoar depan toko bikin macet
Tukang parkir menarik tarif dua kali lipat
Karcis parkir tidak pernah diberikan juru parkir
Trotoar dipakai parkir motor, pejalan kaki turun ke aspal
Bayar parkir pakai QRIS supaya tarif jelas
Juru parkir resmi perlu rompi dan karcis
Macet di pertokoan karena mobil parkir dua lajur
Parkire ngebaki trotoar, macet tenan
Kantong parkir motor perlu dibuat dekat pertokoan
Tarif parkir di alun-alun tidak sesuai karcis
Mobil parkir menutup trotoar dan toko
Juru parkir liar memaksa bayar tanpa karcis""".splitlines()

THEMES = {"waste": WASTE, "flood": FLOOD, "light": LIGHT, "clinic": CLINIC, "parking": PARKING}

GOLD = {f"{theme}-{number:02}": theme for theme, texts in THEMES.items() for number in range(len(texts))}
"""Document id → theme."""


def forum() -> list[Document]:
    """Sixty documents; the id tells the theme, the analysis does not read it."""
    return [
        Document(f"{theme}-{number:02}", text) for theme, texts in THEMES.items() for number, text in enumerate(texts)
    ]


def crowd(size: int) -> list[Document]:
    """Up to 660 documents of the same five themes in turn: each joins two texts of its theme, in either order."""
    pairs = list(permutations(range(12), 2))
    random.Random(1).shuffle(pairs)
    return [
        Document(f"{theme}-{first:02}-{second:02}", f"{texts[first]}. {texts[second]}")
        for first, second in pairs
        for theme, texts in THEMES.items()
    ][:size]
