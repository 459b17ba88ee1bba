"""Verbs of review: each adds to the ledger. Where entries are named, they are named one by one."""
from collections.abc import Iterable, Mapping
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from forum import audit
from forum.consultations.models import Consultation, Dimension
from forum.db import writing
from forum.errors import NotFound, StaleVersion
from forum.review import queries, wording
from forum.review.acts import lines_and_acts
from forum.review.deciding import (
    DecisionRefused,
    OpenLedger,
    UnusableDecision,
    add_line,
    checked_reason,
    checked_title,
    consultation_of,
    decide,
    live_theme,
    make_theme,
    open_ledger,
    own_entries,
    refuse_if_in_a_theme,
    take_effect,
)
from forum.review.ledger import UNDONE_BEFORE
from forum.review.models import Cluster, Decision
from forum.review.planning import plan_themes
from forum.review.running import cancel_job, start_run

__all__ = [
    "DecisionRefused",
    "UnusableDecision",
    "accept_members",
    "cancel_job",
    "confirm_cluster",
    "create_theme",
    "dismiss_cluster",
    "dismiss_theme",
    "merge_themes",
    "move_members",
    "plan_themes",
    "rename_theme",
    "set_dimension",
    "split_theme",
    "start_run",
    "undo",
]

N_QUOTES = 3


def confirm_cluster(*, cluster_id: int, title: str, actor: audit.Actor, now: datetime,
                    submission_ids: Iterable[int] | None = None, n_shown: int | None = None) -> int:
    """Make a theme of a proposed group, or of the chosen entries; return the theme id.

    ``submission_ids``: ``None`` for all that nobody has decided on; then ``n_shown``, when given, is how many
    the page showed. Raises `DecisionRefused` (409) when some went to a theme meanwhile.
    """
    with writing() as session:
        cluster, book = _cluster_and_ledger(session, cluster_id, actor, now)
        members = _chosen(book, cluster, submission_ids, n_shown, unsaved=title.strip())
        theme_id = make_theme(book, title)
        chosen = set(members)
        decide(book, "confirm", theme_id=theme_id, payload={
            "title": checked_title(title), "members": members, "phrases": list(cluster.phrases),
            "quotes": [quote for quote in cluster.quotes if quote in chosen]})
        return theme_id


def create_theme(*, consultation_id: int, title: str, submission_ids: Iterable[int], actor: audit.Actor,
                 now: datetime, reason: str = "") -> int:
    """Make a theme by hand of entries that are in no theme; return the theme id."""
    with writing() as session:
        book = open_ledger(session, consultation_id, actor=actor, now=now)
        members = own_entries(book, submission_ids)
        refuse_if_in_a_theme(book, members)
        theme_id = make_theme(book, title)
        decide(book, "confirm", theme_id=theme_id, reason=reason, payload={
            "title": checked_title(title), "members": members, "phrases": [], "quotes": members[:N_QUOTES]})
        return theme_id


def accept_members(*, theme_id: int, version: int | None, submission_ids: Iterable[int], actor: audit.Actor,
                   now: datetime) -> None:
    """Let entries, suggested ones as a rule, join a theme."""
    with writing() as session:
        book = open_ledger(session, consultation_of(session, theme_id), actor=actor, now=now)
        theme = live_theme(book, theme_id, version)
        members = own_entries(book, submission_ids)
        refuse_if_in_a_theme(book, members)
        decide(book, "accept", theme_id=theme_id, payload={"members": members, "title": theme.title})


def rename_theme(*, theme_id: int, version: int, title: str, actor: audit.Actor, now: datetime,
                 reason: str = "") -> None:
    """Give a theme another title; the same title again changes nothing and adds no line."""
    with writing() as session:
        title = checked_title(title)
        book = open_ledger(session, consultation_of(session, theme_id), actor=actor, now=now)
        theme = live_theme(book, theme_id, version, unsaved=title)
        if theme.title != title:
            decide(book, "rename", theme_id=theme_id, reason=reason,
                   payload={"title": title, "before": theme.title})


def merge_themes(*, theme_id: int, version: int | None, others: Mapping[int, int | None], actor: audit.Actor,
                 now: datetime, title: str = "", reason: str = "") -> None:
    """Let the members of other themes (id → version seen) join a theme, under its title or a new one."""
    with writing() as session:
        book = open_ledger(session, consultation_of(session, theme_id), actor=actor, now=now)
        sources = {other: seen for other, seen in others.items() if other != theme_id}
        if not sources:
            raise UnusableDecision(_("Pilih paling sedikit dua tema untuk digabungkan."))
        survivor = live_theme(book, theme_id, version, unsaved=title.strip())
        merged = [live_theme(book, other, seen) for other, seen in sorted(sources.items())]
        title = checked_title(title) if title.strip() else survivor.title
        decide(book, "merge", theme_id=theme_id, reason=reason, payload={
            "from": [theme.id for theme in merged], "title": title, "to_title": title,
            "from_titles": [theme.title for theme in merged],
            "members": [member for theme in merged for member in book.state.themes[theme.id].members]})


def split_theme(*, theme_id: int, version: int | None, submission_ids: Iterable[int], title: str,
                actor: audit.Actor, now: datetime, reason: str = "") -> int:
    """Make a new theme of some members of a theme; return its id. The new one inherits the dimension."""
    with writing() as session:
        book = open_ledger(session, consultation_of(session, theme_id), actor=actor, now=now)
        theme = live_theme(book, theme_id, version, unsaved=title.strip())
        members = own_entries(book, submission_ids)
        if set(members) >= set(book.state.themes[theme_id].members):
            raise UnusableDecision(_("Sisakan paling sedikit satu masukan di tema asal, atau ganti judulnya saja."))
        chosen = set(members)
        quotes = [quote for quote in theme.quotes if quote in chosen] or members[:N_QUOTES]
        source_title = theme.title
        new_id = make_theme(book, title)
        decide(book, "split", theme_id=new_id, reason=reason, payload={
            "from": theme_id, "from_title": source_title, "members": members, "title": checked_title(title),
            "quotes": quotes})
        return new_id


def move_members(*, consultation_id: int, submission_ids: Iterable[int], from_theme_id: int | None,
                 version: int | None, to_theme_id: int | None, actor: audit.Actor, now: datetime,
                 reason: str = "") -> None:
    """Move entries from a theme (``None``: from no theme) to another, or set them aside (``None``)."""
    with writing() as session:
        book = open_ledger(session, consultation_id, actor=actor, now=now)
        members = own_entries(book, submission_ids)
        if from_theme_id is None:
            refuse_if_in_a_theme(book, members)
            source_title = None
        else:
            source_title = live_theme(book, from_theme_id, version).title
            if not set(members) <= set(book.state.themes[from_theme_id].members):
                raise DecisionRefused(_("Sebagian masukan ini tidak lagi berada di tema “%(title)s”. Muat ulang "
                                        "halaman untuk melihat keadaan terbaru.", title=source_title))
        target = live_theme(book, to_theme_id, None) if to_theme_id is not None else None
        decide(book, "move", theme_id=to_theme_id, reason=reason, payload={
            "members": members, "to": to_theme_id, "to_title": target.title if target else None,
            "from": from_theme_id, "from_title": source_title})


def dismiss_cluster(*, cluster_id: int, reason: str, actor: audit.Actor, now: datetime,
                    submission_ids: Iterable[int] | None = None, n_shown: int | None = None) -> None:
    """Say that a proposed group is no theme: its undecided entries are set aside, with a reason."""
    with writing() as session:
        _need_reason(reason)
        cluster, book = _cluster_and_ledger(session, cluster_id, actor, now)
        members = _chosen(book, cluster, submission_ids, n_shown)
        decide(book, "dismiss", reason=reason, payload={"members": members, "label": cluster.label})


def dismiss_theme(*, theme_id: int, version: int | None, reason: str, actor: audit.Actor, now: datetime) -> None:
    """Dissolve a theme: all its members are set aside, with a reason."""
    with writing() as session:
        _need_reason(reason)
        book = open_ledger(session, consultation_of(session, theme_id), actor=actor, now=now)
        theme = live_theme(book, theme_id, version)
        decide(book, "dismiss", theme_id=theme_id, reason=reason, payload={
            "label": theme.title, "members": list(book.state.themes[theme_id].members)})


def set_dimension(*, theme_id: int, version: int | None, dimension_id: int | None, actor: audit.Actor,
                  now: datetime) -> None:
    """Say to which dimension or sub-dimension of the city's programme a theme belongs; ``None`` for none."""
    with writing() as session:
        book = open_ledger(session, consultation_of(session, theme_id), actor=actor, now=now)
        theme = live_theme(book, theme_id, version)
        name = ""
        if dimension_id is not None:
            pack_id = session.get_one(Consultation, book.consultation_id).pack_id
            dimension = session.get(Dimension, dimension_id)
            if dimension is None or dimension.pack_id != pack_id:
                raise UnusableDecision(_("Dimensi ini tidak ada."))
            name = dimension.name_id
        if theme.dimension_id != dimension_id:
            decide(book, "dimension", theme_id=theme_id,
                   payload={"dimension_id": dimension_id, "title": theme.title, "name": name})


def undo(*, decision_id: int, actor: audit.Actor, now: datetime, reason: str = "", whole_act: bool = False) -> int:
    """Undo a line of the ledger, or all that its act wrote; undoing an undo brings back what it took away.

    Returns how many lines were undone; those of an act that were undone before are passed over. Raises
    `LaterDecisionsDepend`, and undoes nothing, when a later line stands on one of them.
    """
    with writing() as session:
        consultation_id = session.scalar(select(Decision.consultation_id).where(Decision.id == decision_id))
        if consultation_id is None:
            raise NotFound(_("Keputusan ini tidak ada."))
        book = open_ledger(session, consultation_id, actor=actor, now=now)
        undone = {line.undoes_id for line in book.lines}
        chosen = lines_and_acts(consultation_id)[1][decision_id] if whole_act else (decision_id,)
        standing = [line_id for line_id in chosen if line_id not in undone]
        if not standing:
            raise DecisionRefused(wording.why_not(UNDONE_BEFORE))
        take_effect(book, [add_line(book, "undo", undoes_id=line_id, reason=reason) for line_id in standing])
        return len(standing)


def _cluster_and_ledger(session, cluster_id: int, actor: audit.Actor, now: datetime) -> tuple[Cluster, OpenLedger]:
    run = queries.run_of_cluster(cluster_id)
    book = open_ledger(session, run.consultation_id, actor=actor, now=now)
    return queries.cluster_or_404(cluster_id), book


def _chosen(book: OpenLedger, cluster: Cluster, submission_ids: Iterable[int] | None,
            n_shown: int | None, unsaved: str = "") -> list[int]:
    """The entries of a cluster that a decision is about, none of which may be decided already."""
    undecided = queries.undecided_members(cluster.id)
    if submission_ids is not None:
        members = own_entries(book, submission_ids)
        refuse_if_in_a_theme(book, members, unsaved=unsaved)
        if not set(members) <= set(undecided):
            raise DecisionRefused(_("Sebagian masukan ini sudah disisihkan atau bukan bagian kelompok ini."))
        return members
    if not undecided:
        refuse_if_in_a_theme(book, queries.members_of_cluster(cluster.id), unsaved=unsaved)
        raise DecisionRefused(_("Semua masukan kelompok ini sudah diputuskan."))
    if n_shown is not None and n_shown != len(undecided):
        raise StaleVersion(_("Kelompok usulan ini berubah sejak halaman Anda dibuka: semula %(before)s masukan, "
                             "sekarang %(count)s. Periksa, lalu kirim lagi.", before=n_shown, count=len(undecided)))
    return undecided


def _need_reason(reason: str) -> None:
    if not checked_reason(reason):
        raise UnusableDecision(_("Tulis alasannya: pengirim membacanya di halaman tanda terima."))
