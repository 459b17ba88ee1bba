"""Doors of proposed groups and of themes: look at one, decide about one or several."""
from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from forum.accounts.signed_in import actor
from forum.consultations.queries import consultation_or_404
from forum.db import utc_now
from forum.errors import ForumError, NotFound, StaleVersion
from forum.review import queries, services
from forum.review.pages import board_page, bp, cluster_page, theme_page
from forum.security import open_to
from forum.typed import row_id

Page = Response | tuple[str, int]


@bp.get("/clusters/<int:cluster_id>")
@open_to("facilitator", "planner")
def cluster(cluster_id: int) -> Page:
    """Facilitator, planner: every entry of a proposed group."""
    return cluster_page(cluster_id)


@bp.post("/clusters/<int:cluster_id>/confirm")
@open_to("facilitator")
def confirm(cluster_id: int) -> Page:
    """Facilitator: make a theme of a group, or of the ticked entries of it."""
    consultation_id = queries.run_of_cluster(cluster_id).consultation_id
    title = request.form.get("title", "")
    try:
        services.confirm_cluster(cluster_id=cluster_id, title=title, submission_ids=_ticked_or_all(),
                                 n_shown=request.form.get("n_shown", type=row_id), actor=actor(), now=utc_now())
    except ForumError as refusal:
        return _refused_at_cluster(cluster_id, consultation_id, refusal)
    return _to_board(consultation_id, _("Tema “%(title)s” ditetapkan.", title=" ".join(title.split())), "proposals")


@bp.post("/clusters/<int:cluster_id>/dismiss")
@open_to("facilitator")
def dismiss(cluster_id: int) -> Page:
    """Facilitator: say that a group, or the ticked entries of it, are no theme."""
    consultation_id = queries.run_of_cluster(cluster_id).consultation_id
    try:
        services.dismiss_cluster(cluster_id=cluster_id, reason=_reason(), submission_ids=_ticked_or_all(),
                                 n_shown=request.form.get("n_shown", type=row_id), actor=actor(), now=utc_now())
    except ForumError as refusal:
        return _refused_at_cluster(cluster_id, consultation_id, refusal)
    return _to_board(consultation_id, _("Masukan disisihkan. Tidak ada yang hilang: semuanya ada di bawah."),
                     "proposals")


@bp.post("/consultations/<int:consultation_id>/themes/merge")
@open_to("facilitator")
def merge(consultation_id: int) -> Page:
    """Facilitator: merge the ticked themes into the largest of them."""
    consultation_or_404(consultation_id)
    ticked = list(dict.fromkeys(request.form.getlist("theme_ids", type=row_id)))
    versions = {theme_id: request.form.get(f"version-{theme_id}", type=row_id) for theme_id in ticked}
    members = queries.members_of_themes(consultation_id)
    largest = max(ticked, key=lambda theme_id: (len(members.get(theme_id, ())), -theme_id), default=0)
    try:
        if len(ticked) < 2:
            raise services.UnusableDecision(_("Centang paling sedikit dua tema untuk digabungkan."))
        if queries.theme_or_404(largest).consultation_id != consultation_id:
            raise NotFound(_("Tema ini tidak ada."))
        services.merge_themes(theme_id=largest, version=versions.pop(largest), others=versions,
                              title=request.form.get("title", ""), actor=actor(), now=utc_now())
    except ForumError as refusal:
        return board_page(consultation_id, refusal=refusal)
    return _to_board(consultation_id, _("Tema digabungkan."), "themes")


@bp.post("/consultations/<int:consultation_id>/themes/place")
@open_to("facilitator")
def place(consultation_id: int) -> Page:
    """Facilitator: put the ticked unassigned entries into a theme, a new one when a title is written."""
    consultation_or_404(consultation_id)
    ids = request.form.getlist("submission_ids", type=row_id)
    title, target = request.form.get("title", "").strip(), request.form.get("to_theme_id", type=row_id)
    try:
        if title:
            services.create_theme(consultation_id=consultation_id, title=title, submission_ids=ids, actor=actor(),
                                  now=utc_now())
        elif target:
            services.move_members(consultation_id=consultation_id, submission_ids=ids, from_theme_id=None,
                                  version=None, to_theme_id=target, actor=actor(), now=utc_now())
        else:
            raise services.UnusableDecision(_("Pilih tema, atau tulis judul tema baru."))
    except ForumError as refusal:
        return board_page(consultation_id, refusal=refusal)
    return _to_board(consultation_id, _("%(count)s masukan ditempatkan.", count=len(set(ids))), "unassigned")


@bp.post("/consultations/<int:consultation_id>/themes/plan")
@open_to("facilitator")
def plan(consultation_id: int) -> Page:
    """Facilitator: make a theme without entries of each title of the plan under revision."""
    consultation_or_404(consultation_id)
    try:
        new, known = services.plan_themes(consultation_id=consultation_id, typed=request.form.get("titles", ""),
                                          actor=actor(), now=utc_now())
    except ForumError as refusal:
        return board_page(consultation_id, refusal=refusal)
    success = _("%(count)s tema ditambahkan. Jalankan analisis untuk mengisinya.", count=len(new))
    if known:
        success += " " + _("Sudah ada, jadi tidak ditambahkan lagi: %(titles)s.",
                           titles=", ".join(f"“{title}”" for title in known))
    return _to_board(consultation_id, success, "themes")


@bp.get("/themes/<int:theme_id>")
@open_to("facilitator", "planner")
def theme(theme_id: int) -> Page:
    """Facilitator, planner: one theme, its members and its history."""
    return theme_page(theme_id)


@bp.post("/themes/<int:theme_id>/accept")
@open_to("facilitator")
def accept(theme_id: int) -> Page:
    """Facilitator: let all or the ticked suggested entries join."""
    ids = _ticked_or_all()

    def verb() -> str:
        members = ids
        if members is None:
            members = queries.suggested_members(queries.theme_or_404(theme_id))
            shown = request.form.get("n_shown", type=row_id)
            if shown is not None and shown != len(members):
                raise StaleVersion(_("Usulan anggota berubah sejak halaman Anda dibuka: semula %(before)s, sekarang "
                                     "%(count)s. Periksa, lalu kirim lagi.", before=shown, count=len(members)))
        services.accept_members(theme_id=theme_id, version=_version(), submission_ids=members, actor=actor(),
                                now=utc_now())
        return _("%(count)s masukan masuk tema.", count=len(members))

    return _at_theme(theme_id, verb)


@bp.post("/themes/<int:theme_id>/rename")
@open_to("facilitator")
def rename(theme_id: int) -> Page:
    """Facilitator: give a theme another title."""
    def verb() -> str:
        services.rename_theme(theme_id=theme_id, version=_version() or 0, title=request.form.get("title", ""),
                              actor=actor(), now=utc_now())
        return _("Judul tema disimpan.")

    return _at_theme(theme_id, verb)


@bp.post("/themes/<int:theme_id>/dimension")
@open_to("facilitator")
def set_dimension(theme_id: int) -> Page:
    """Facilitator: choose dimension or sub-dimension."""
    def verb() -> str:
        services.set_dimension(theme_id=theme_id, version=_version(), actor=actor(), now=utc_now(),
                               dimension_id=request.form.get("dimension_id", type=row_id))
        return _("Dimensi disimpan.")

    return _at_theme(theme_id, verb)


@bp.post("/themes/<int:theme_id>/move")
@open_to("facilitator")
def move(theme_id: int) -> Page:
    """Facilitator: move the ticked members to another theme, or set them aside."""
    set_aside = request.form.get("to_theme_id") == "aside"
    target = request.form.get("to_theme_id", type=row_id)

    def verb() -> str:
        if target is None and not set_aside:
            raise services.UnusableDecision(_("Pilih tema tujuan."))
        services.move_members(
            consultation_id=queries.theme_or_404(theme_id).consultation_id, from_theme_id=theme_id,
            version=_version(), submission_ids=request.form.getlist("submission_ids", type=row_id),
            to_theme_id=target, reason=request.form.get("reason", ""),
            actor=actor(), now=utc_now())
        return _("Masukan dipindahkan.")

    return _at_theme(theme_id, verb)


@bp.post("/themes/<int:theme_id>/split")
@open_to("facilitator")
def split(theme_id: int) -> Page:
    """Facilitator: make a new theme of the ticked members."""
    def verb() -> str:
        services.split_theme(theme_id=theme_id, version=_version(), title=request.form.get("title", ""),
                             submission_ids=request.form.getlist("submission_ids", type=row_id),
                             reason=request.form.get("reason", ""), actor=actor(), now=utc_now())
        return _("Tema baru dibuat.")

    return _at_theme(theme_id, verb)


@bp.post("/themes/<int:theme_id>/merge")
@open_to("facilitator")
def merge_into(theme_id: int) -> Page:
    """Facilitator: merge this theme into another one."""
    target = request.form.get("to_theme_id", type=row_id)
    try:
        if not target:
            raise services.UnusableDecision(_("Pilih tema tujuan."))
        services.merge_themes(theme_id=target, version=None, others={theme_id: _version()},
                              reason=request.form.get("reason", ""), actor=actor(), now=utc_now())
    except ForumError as refusal:
        return theme_page(theme_id, refusal=refusal)
    flash(_("Tema digabungkan."), "success")
    return redirect(url_for("review.theme", theme_id=target), 303)


@bp.post("/themes/<int:theme_id>/dismiss")
@open_to("facilitator")
def dismiss_theme(theme_id: int) -> Page:
    """Facilitator: dissolve a theme; its members are set aside."""
    consultation_id = queries.theme_or_404(theme_id).consultation_id
    try:
        services.dismiss_theme(theme_id=theme_id, version=_version(), reason=_reason(), actor=actor(), now=utc_now())
    except ForumError as refusal:
        return theme_page(theme_id, refusal=refusal)
    return _to_board(consultation_id, _("Tema dibubarkan; masukannya disisihkan."), "unassigned")


def _at_theme(theme_id: int, verb: Callable[[], str]) -> Page:
    """Run a verb; show the theme again, or the refusal on its page, or on the board when asked from there."""
    on_board = request.form.get("to") == "board"
    consultation_id = queries.theme_or_404(theme_id).consultation_id
    try:
        success = verb()
    except ForumError as refusal:
        return board_page(consultation_id, refusal=refusal) if on_board else theme_page(theme_id, refusal=refusal)
    if on_board:
        return _to_board(consultation_id, success, "themes")
    flash(success, "success")
    return redirect(url_for("review.theme", theme_id=theme_id), 303)


def _refused_at_cluster(cluster_id: int, consultation_id: int, refusal: ForumError) -> tuple[str, int]:
    if request.form.get("to") == "board":
        return board_page(consultation_id, refusal=refusal)
    return cluster_page(cluster_id, refusal=refusal)


def _to_board(consultation_id: int, success: str, anchor: str) -> Response:
    flash(success, "success")
    return redirect(url_for("review.board", consultation_id=consultation_id, _anchor=anchor), 303)


def _ticked_or_all() -> list[int] | None:
    """The ticked entries when the form had boxes to tick; else ``None``: all of them."""
    return request.form.getlist("submission_ids", type=row_id) if "ticked" in request.form else None


def _version() -> int | None:
    return request.form.get("version", type=row_id)


def _reason() -> str:
    return request.form.get("reason_typed", "").strip() or request.form.get("reason", "")
