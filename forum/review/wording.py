"""Decisions and refusals in plain words. A line keeps the titles of its day, so its sentence never changes."""
from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from forum.db import db
from forum.review import ledger
from forum.review.models import Decision, Theme


def sentence(decision: Decision, n_alike: int = 1) -> str:
    """What was decided, as one sentence without author and time; of several titles of a plan, how many."""
    if n_alike > 1 and decision.payload.get("planned"):
        return _("Menambahkan %(count)s tema dari rencana yang ada.", count=n_alike)
    if decision.kind == "undo":
        return _undo(decision)
    return _SENTENCES[decision.kind](decision.payload, decision.theme_id)


def _undo(decision: Decision) -> str:
    """Undoing an undo is bringing back; the chain ends at a line that is no undo."""
    named, times = db.session.get_one(Decision, decision.undoes_id), 1
    while named.kind == "undo":
        named, times = db.session.get_one(Decision, named.undoes_id), times + 1
    what = sentence(named)
    return _("Mengembalikan: %(what)s", what=what) if times % 2 == 0 else _("Mengurungkan: %(what)s", what=what)


def warning_text(warning: dict[str, Any]) -> str:
    """A stored warning of a run in the reader's language; one that this version does not know, as it was stored."""
    say = _WARNINGS.get(warning["code"])
    return say(warning["count"]) if say and "count" in warning else warning["message"]


_WARNINGS: dict[str, Callable[[int], str]] = {
    "no_documents": lambda count: _("Belum ada masukan untuk dianalisis."),
    "too_few_documents": lambda count: _(
        "Masukan yang dapat dibaca baru %(count)s, terlalu sedikit untuk dikelompokkan. Bacalah satu per satu.",
        count=count),
    "many_unassigned": lambda count: _("%(count)s %% masukan tidak cocok ke kelompok mana pun.", count=count),
    "without_words": lambda count: _(
        "%(count)s masukan tidak memuat kata yang bermakna (kosong, emoji, atau salam saja).", count=count),
    "embedding_unavailable": lambda count: _(
        "Model makna tidak terbaca, jadi analisis berjalan tanpa model itu. Administrator dapat memeriksanya dengan "
        "perintah doctor."),
    "mixed_clusters": lambda count: _("%(count)s kelompok usulan isinya campuran; periksa lebih dulu.", count=count),
    "apart_conflict": lambda count: _(
        "%(count)s pasang masukan diminta terpisah tetapi sudah diputuskan berada dalam satu tema.", count=count),
}


def why_moved(because: str, origin: str | None, target: str) -> str:
    """Why an entry lies in another group than in the run before, from the code of the analysis."""
    say = _WHY_MOVED.get(because, _WHY_MOVED["was_unassigned" if origin is None else "nearer"])
    return say(origin or "", target)


_WHY_MOVED: dict[str, Callable[[str, str], str]] = {
    "text_changed": lambda origin, target: _("Isinya diubah pengirim; sekarang di “%(target)s”.", target=target),
    "joined_theme": lambda origin, target: _("Tertarik ke tema “%(target)s” yang sudah ditetapkan.", target=target),
    "was_unassigned": lambda origin, target: _("Semula di luar semua kelompok; sekarang di “%(target)s”.",
                                               target=target),
    "dissolved": lambda origin, target: _("Kelompok “%(origin)s” tidak terbentuk lagi; sekarang di “%(target)s”.",
                                          origin=origin, target=target),
    "nearer": lambda origin, target: _("Lebih dekat ke “%(target)s” daripada ke “%(origin)s”.", origin=origin,
                                       target=target),
}


def _quoted(titles: list[str]) -> str:
    return ", ".join(f"“{title}”" for title in titles)


def _move(payload: dict[str, Any], _theme_id: int | None) -> str:
    count, source, target = len(payload["members"]), payload.get("from_title"), payload.get("to_title")
    if target is None:
        if source is None:
            return _("Menyisihkan %(count)s masukan.", count=count)
        return _("Menyisihkan %(count)s masukan dari tema “%(source)s”.", count=count, source=source)
    if source is None:
        return _("Memasukkan %(count)s masukan ke tema “%(target)s”.", count=count, target=target)
    return _("Memindahkan %(count)s masukan dari tema “%(source)s” ke tema “%(target)s”.", count=count,
             source=source, target=target)


def _confirm(payload: dict[str, Any], _theme_id: int | None) -> str:
    if payload.get("planned"):
        return _("Menambahkan tema “%(title)s” dari rencana yang ada.", title=payload["title"])
    return _("Menetapkan tema “%(title)s” dari %(count)s masukan.", title=payload["title"],
             count=len(payload["members"]))


def _dismiss(payload: dict[str, Any], theme_id: int | None) -> str:
    count, label = len(payload["members"]), payload["label"]
    if theme_id is not None:
        return _("Membubarkan tema “%(label)s”; %(count)s masukan disisihkan.", label=label, count=count)
    return _("Menyatakan kelompok usulan “%(label)s” bukan tema; %(count)s masukan disisihkan.", label=label,
             count=count)


def _dimension(payload: dict[str, Any], _theme_id: int | None) -> str:
    if payload.get("dimension_id") is None:
        return _("Mengosongkan dimensi tema “%(title)s”.", title=payload["title"])
    return _("Menetapkan dimensi tema “%(title)s”: %(name)s.", title=payload["title"], name=payload["name"])


_SENTENCES: dict[str, Callable[[dict[str, Any], int | None], str]] = {
    "confirm": _confirm,
    "accept": lambda payload, _id: _("Menerima %(count)s masukan ke tema “%(title)s”.",
                                     title=payload["title"], count=len(payload["members"])),
    "rename": lambda payload, _id: _("Mengganti judul tema “%(before)s” menjadi “%(title)s”.",
                                     before=payload["before"], title=payload["title"]),
    "merge": lambda payload, _id: _("Menggabungkan %(titles)s ke tema “%(title)s”.",
                                    titles=_quoted(payload["from_titles"]), title=payload["to_title"]),
    "split": lambda payload, _id: _("Memisahkan %(count)s masukan dari tema “%(source)s” menjadi tema “%(title)s”.",
                                    count=len(payload["members"]), source=payload["from_title"],
                                    title=payload["title"]),
    "move": _move,
    "dismiss": _dismiss,
    "dimension": _dimension,
}

_WHY_NOT: dict[str, Callable[[], str]] = {
    ledger.THEME_MISSING: lambda: _("Tema ini tidak ada lagi: pembuatannya sudah diurungkan."),
    ledger.THEME_CLOSED: lambda: _("Tema ini sudah digabung atau dibubarkan."),
    ledger.THEME_EXISTS: lambda: _("Tema ini sudah ada."),
    ledger.ELSEWHERE: lambda: _("Sebagian masukan ini sudah diputuskan tempatnya."),
    ledger.ALREADY_THERE: lambda: _("Sebagian pilihan ini sudah berada di sana."),
    ledger.NOT_IN_THEME: lambda: _("Sebagian masukan ini tidak lagi berada di tema tersebut."),
    ledger.NO_MEMBERS: lambda: _("Pilih paling sedikit satu masukan."),
    ledger.NO_SUCH_LINE: lambda: _("Keputusan yang akan diurungkan tidak ditemukan."),
    ledger.UNDONE_BEFORE: lambda: _("Keputusan ini sudah diurungkan."),
}


def why_not(code: str) -> str:
    """Why a line cannot be added, from the code of the replay."""
    return _WHY_NOT[code]() + " " + _("Muat ulang halaman untuk melihat keadaan terbaru.")


def where_it_went(theme: Theme) -> str:
    """What became of a theme that is not confirmed any more."""
    if theme.state == "merged":
        survivor = db.session.get_one(Theme, theme.merged_into_id)
        return _("Tema “%(title)s” sudah digabung ke tema “%(survivor)s”.", title=theme.title,
                 survivor=survivor.title)
    if theme.state == "dismissed":
        return _("Tema “%(title)s” sudah dibubarkan.", title=theme.title)
    return _("Pembuatan tema “%(title)s” sudah diurungkan.", title=theme.title)
