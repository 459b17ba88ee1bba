from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Float, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.consultations.models import Dimension
from forum.db import Base, UtcDateTime

DECISION_KINDS = ("confirm", "accept", "rename", "merge", "split", "move", "dismiss", "dimension", "undo")


class AnalysisRun(Base):
    """One execution of the analysis: what went in, with which settings, what came out."""

    __tablename__ = "analysis_run"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="state_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    state: Mapped[str] = mapped_column(String, default="queued")
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    versions: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    fingerprint: Mapped[str] = mapped_column(String, default="")
    quality: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    warnings: Mapped[list[Any]] = mapped_column(JSON, default=list)
    n_documents: Mapped[int] = mapped_column(default=0)
    n_unassigned: Mapped[int] = mapped_column(default=0)
    actor_name: Mapped[str] = mapped_column(String)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Cluster(Base):
    """A group that a run proposes (kelompok usulan). Evidence: never edited."""

    __tablename__ = "cluster"
    __table_args__ = (UniqueConstraint("run_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("analysis_run.id"))
    number: Mapped[int]
    # The theme that people had made before the run and to which it adds; empty for a new proposal.
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    label: Mapped[str] = mapped_column(String)
    phrases: Mapped[list[str]] = mapped_column(JSON, default=list)
    quotes: Mapped[list[int]] = mapped_column(JSON, default=list)
    size: Mapped[int]
    cohesion: Mapped[float] = mapped_column(Float)
    is_mixed: Mapped[bool] = mapped_column(default=False)
    # From here on empty in runs of versions before 0007.
    # The same in the next run for the group that continues this one.
    key: Mapped[str | None] = mapped_column(String)
    stability: Mapped[float | None] = mapped_column(Float)
    # [{"label": …, "members": [submission ids]}], largest first.
    sub_themes: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    # {"approach": [code, confidence] or null, "dimensions": [[code, confidence]]}
    suggested: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    # Centre and reach on the map, within -1..1.
    x: Mapped[float | None] = mapped_column(Float)
    y: Mapped[float | None] = mapped_column(Float)
    radius: Mapped[float | None] = mapped_column(Float)


class RunMember(Base):
    """Where a run put an entry: a cluster, or none (fits nowhere). One row per entry that it read."""

    __tablename__ = "run_member"

    run_id: Mapped[int] = mapped_column(ForeignKey("analysis_run.id"), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True, index=True)
    cluster_id: Mapped[int | None] = mapped_column(ForeignKey("cluster.id"), index=True)
    version_number: Mapped[int]
    confidence: Mapped[float] = mapped_column(Float, default=0.0)
    # From here on empty in runs of versions before 0007.
    # Words of the text that spoke for the group, loudest first.
    words: Mapped[list[str] | None] = mapped_column(JSON)
    # {"approach": [code, confidence] or null, "dimension": the same}
    suggested: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    x: Mapped[float | None] = mapped_column(Float)
    y: Mapped[float | None] = mapped_column(Float)
    # Why it lies elsewhere than in the run before (code of `analysis.Move`), and the label of its group then.
    moved_because: Mapped[str | None] = mapped_column(String)
    moved_from: Mapped[str | None] = mapped_column(String)


class RunPlacer(Base):
    """What the latest run of a consultation learnt, to place new entries among its groups before the next run."""

    __tablename__ = "run_placer"

    run_id: Mapped[int] = mapped_column(ForeignKey("analysis_run.id"), primary_key=True)
    # Made and read by `analysis.Placer`; the key of a group is its number in the run.
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Theme(Base):
    """What people confirmed (tema; in exports "isu"). Its row is the ledger's outcome, kept for reading."""

    __tablename__ = "theme"
    __table_args__ = (
        CheckConstraint("state IN ('confirmed', 'dismissed', 'merged', 'undone')", name="state_known"),
        CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into_only_if_merged"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    title: Mapped[str] = mapped_column(String)
    phrases: Mapped[list[str]] = mapped_column(JSON, default=list)
    quotes: Mapped[list[int]] = mapped_column(JSON, default=list)
    state: Mapped[str] = mapped_column(String, default="confirmed")
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    dimension_id: Mapped[int | None] = mapped_column(ForeignKey(Dimension.id))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ThemeMember(Base):
    """Where people decided that an entry belongs: a theme, or set aside (no theme)."""

    __tablename__ = "theme_member"

    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))


class Decision(Base):
    """A line of the ledger. Lines are only ever added; an undo is a line that names another."""

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("kind IN ('confirm', 'accept', 'rename', 'merge', 'split', 'move', 'dismiss', "
                        "'dimension', 'undo')", name="kind_known"),
        CheckConstraint("(kind = 'undo') = (undoes_id IS NOT NULL)", name="undo_names_a_line"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"), index=True)
    kind: Mapped[str] = mapped_column(String)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), unique=True)
    # Everything that a replay needs: submission ids, titles, the other theme. Never a cluster id.
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    reason: Mapped[str] = mapped_column(Text, default="")
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
