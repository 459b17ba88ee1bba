"""The privacy notice: the seven items that UU 27/2022, article 21 (1) asks for, in plain words.

Legality, purpose, kinds and relevance of data, how long documents are kept, what is collected in
detail, how long it is processed, and the rights of the person. Both languages are made and stored
together, because what a person agreed to must stay readable exactly as it was.
"""
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What the notice is made of; a change in any of these makes a new notice."""

    title: str
    purpose: str
    controller: str
    contact: str
    privacy_officer: str
    retention_months: int
    asks_contact: bool = True


Item = dict[str, str]


def items(facts: NoticeFacts) -> list[Item]:
    """The seven items in the order of the law, each with heading and text in Indonesian and English."""
    return [_legality(facts), _purpose(facts), _kinds(facts), _keeping(facts), _details(facts), _duration(),
            _rights(facts)]


def contact_words(facts: NoticeFacts) -> dict[str, str] | None:
    """To what people agree who leave a contact, by language; ``None`` where none is asked for.

    It is a consent of its own: the box starts unticked, and an idea is welcome without it.
    """
    if not facts.asks_contact:
        return None
    return {
        "id": f"Saya bersedia dihubungi: {facts.controller} boleh memakai kontak ini, hanya untuk bertanya tentang "
              "masukan ini. Kontak hanya dilihat fasilitator, tidak dimuat dalam hasil atau laporan, dan dapat saya "
              "hapus kapan saja.",
        "en": f"I agree to be contacted: {facts.controller} may use this contact, only to ask about this input. Only "
              "facilitators see it, it is in no result or report, and I can delete it at any time.",
    }


def _legality(facts: NoticeFacts) -> Item:
    officer = facts.privacy_officer
    return _item(
        "Dasar hukum",
        f"{facts.controller} meminta masukan Anda sebagai bagian dari tugas pelayanan publik, dan mengolahnya atas "
        "persetujuan Anda (UU 27/2022 Pasal 20). Ikut serta itu sukarela; tidak ikut tidak berakibat apa pun."
        + (f" Pejabat pelindungan data: {_sentence(officer)}" if officer else ""),
        "Legal basis",
        f"{facts.controller} asks for your input as part of its public task, and processes it with your consent "
        "(Law 27/2022, article 20). Taking part is voluntary; nothing follows from not taking part."
        + (f" Data protection officer: {_sentence(officer)}" if officer else ""))


def _purpose(facts: NoticeFacts) -> Item:
    return _item(
        "Tujuan",
        f"Masukan dipakai untuk “{facts.title}”. {_sentence(facts.purpose)} Tidak dipakai untuk keperluan lain.",
        "Purpose",
        f"Your input is used for “{facts.title}”. {_sentence(facts.purpose)} It is used for nothing else.")


def _kinds(facts: NoticeFacts) -> Item:
    return _item(
        "Jenis dan relevansi data",
        "Isi masukan Anda, karena itulah yang dibahas; unsur dan kelurahan Anda, supaya terlihat suara siapa saja yang "
        "masuk. Nama, NIK, nomor telepon, dan alamat rumah tidak diminta: jangan menuliskannya"
        + (" di dalam masukan. Hanya bila Anda mau, dengan persetujuan tersendiri, Anda dapat meninggalkan nomor "
           "telepon atau surel supaya kami dapat bertanya tentang masukan Anda." if facts.asks_contact else "."),
        "Kinds and relevance of data",
        "What you write, because that is what is discussed; your stakeholder group and neighbourhood (kelurahan), to "
        "see whose voices came in. No name, identity number, telephone number or home address is asked for: please do "
        "not write them"
        + (" in your input. Only if you wish, by a consent of its own, you can leave a telephone number or an e-mail "
           "address so that we can ask about your input." if facts.asks_contact else "."))


def _keeping(facts: NoticeFacts) -> Item:
    months = facts.retention_months
    return _item(
        "Masa simpan dokumen",
        f"Masukan disimpan paling lama {months} bulan sejak dikirim, lalu dihapus"
        + (", bersama kontak bila Anda tinggalkan" if facts.asks_contact else "")
        + ". Daftar isu dan hitungan yang tidak memuat data pribadi dapat disimpan lebih lama.",
        "How long it is kept",
        f"Your input is kept for at most {months} month{'s' if months > 1 else ''} after you send it, then deleted"
        + (", together with a contact if you leave one" if facts.asks_contact else "")
        + ". Lists of issues and counts that hold no personal data may be kept longer.")


def _details(facts: NoticeFacts) -> Item:
    return _item(
        "Rincian informasi yang dikumpulkan",
        "Isi masukan dan perbaikannya, foto bila Anda lampirkan, "
        + ("kontak bila Anda tinggalkan, " if facts.asks_contact else "")
        + "tempat yang Anda sebut, waktu kirim, bukti persetujuan, tanggapan Anda atas masukan lain, dan kunci acak di "
        "ponsel Anda agar satu orang dihitung satu kali.",
        "What is collected in detail",
        "What you write and its corrections, a photo if you attach one, "
        + ("a contact if you leave one, " if facts.asks_contact else "")
        + "the place that you name, when it was sent, proof of consent, your reactions to what others wrote, and a "
        "random key on your phone so that one person counts once.")


def _duration() -> Item:
    return _item(
        "Jangka waktu pemrosesan",
        "Sejak Anda mengirim sampai Anda menarik masukan atau masa simpan berakhir. Kutipan tanpa nama dapat dimuat "
        "dalam laporan.",
        "How long it is processed",
        "From sending until you withdraw it or the time above ends. Quotes without a name may appear in reports.")


def _rights(facts: NoticeFacts) -> Item:
    return _item(
        "Hak Anda",
        "Dengan kode tanda terima Anda dapat melihat, memperbaiki, dan menarik masukan kapan saja; penarikan berlaku "
        "seketika dan mengakhiri persetujuan Anda. "
        + ("Kontak ikut terhapus, dan dapat Anda hapus tersendiri tanpa menarik masukan. "
           if facts.asks_contact else "")
        + f"Pertanyaan, keberatan, dan permintaan hapus: {_sentence(facts.contact)}",
        "Your rights",
        "With your receipt code you can see, correct and withdraw your input at any time; a withdrawal takes effect "
        "at once and ends your consent. "
        + ("A contact is deleted with it, and you can delete it alone while your input stays. "
           if facts.asks_contact else "")
        + f"Questions, objections and requests to delete: {_sentence(facts.contact)}")


def _item(heading_id: str, text_id: str, heading_en: str, text_en: str) -> Item:
    return {"heading_id": heading_id, "text_id": text_id, "heading_en": heading_en, "text_en": text_en}


def _sentence(text: str) -> str:
    """With one mark at its end."""
    return text if text.endswith((".", "?", "!")) else f"{text}."
