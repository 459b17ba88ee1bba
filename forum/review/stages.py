"""The stages of long work in words. Rooms add theirs by kind of job, so that one page can name them all."""
from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

import analysis

Stages = tuple[tuple[str, LazyString], ...]

READ, STORE = "read", "store"
ANALYSIS_STAGES: Stages = (
    (READ, _l("Membaca masukan")),
    (analysis.STAGE_PREPROCESS, _l("Merapikan kata")),
    (analysis.STAGE_REPRESENT, _l("Mempelajari makna kata")),
    (analysis.STAGE_CLUSTER, _l("Mengelompokkan")),
    (analysis.STAGE_LABEL, _l("Memberi nama dan memilih kutipan")),
    (STORE, _l("Menyimpan hasil")),
)


def name_stages(app: Flask, kind: str, stages: Stages) -> None:
    """Register the stages of a kind of job, in order; a room calls this when it is set up."""
    app.extensions.setdefault("forum_job_stages", {})[kind] = stages


def stage_label(app: Flask, kind: str, stage: str) -> str:
    """The name of a stage; before the first one, that the job waits."""
    stages = dict(app.extensions.get("forum_job_stages", {}).get(kind, ()))
    return str(stages.get(stage, stage or _l("Menunggu giliran")))
