"""The whole method on sixty invented texts: themes found, result repeatable, work reported and stopped."""

import gc
import os
import random
import subprocess
import sys
import threading
from itertools import pairwise

import pytest
from analysis_texts import GOLD, crowd, forum

from analysis import (
    STAGE_CLUSTER,
    STAGE_LABEL,
    STAGE_REPRESENT,
    STAGES,
    Cancelled,
    Document,
    Settings,
    analyze,
)
from analysis.evaluation import agreement
from analysis.side_by_side import side_by_side


def labels_of(result) -> list[int]:
    number = {member.id: index for index, cluster in enumerate(result.clusters) for member in cluster.members}
    return [number.get(key, -1) for key in GOLD]


def test_the_five_themes_are_found_without_saying_that_there_are_five():
    result = analyze(forum())

    scores = agreement(list(GOLD.values()), labels_of(result))
    assert scores.ami > 0.9
    assert scores.n_clusters == 5
    assert result.quality.n_clusters == 5
    assert result.quality.coverage > 0.95
    assert result.quality.cohesion > 0.6
    assert result.quality.separation > 0.3
    assert result.warnings == ()


def test_clusters_come_largest_first_and_members_surest_first():
    result = analyze(forum()[:50])

    sizes = [len(cluster.members) for cluster in result.clusters]
    assert sizes == sorted(sizes, reverse=True)
    for cluster in result.clusters:
        sure = [member.confidence for member in cluster.members]
        assert sure == sorted(sure, reverse=True)
    assert len({cluster.key for cluster in result.clusters}) == len(result.clusters)


def test_finer_granularity_gives_more_clusters():
    coarse = analyze(forum(), Settings(granularity=0.3))
    fine = analyze(forum(), Settings(granularity=3))

    assert len(coarse.clusters) < len(fine.clusters)


def test_the_number_of_clusters_can_be_limited():
    assert len(analyze(forum(), Settings(max_clusters=3)).clusters) == 3


def test_a_text_between_two_themes_is_less_sure_than_one_inside():
    between = Document("between", "Sampah menutup lampu PJU di TPS yang gelap")

    result = analyze([*forum(), between])

    sure = {member.id: member.confidence for cluster in result.clusters for member in cluster.members}
    assert sure["between"] < min(sure["waste-03"], sure["light-00"])


def test_a_place_shared_by_all_themes_does_not_make_one():
    names = ("Klego", "Poncol", "Tirto")
    placed = [Document(doc.id, f"{doc.text} Kelurahan {random.Random(doc.id).choice(names)}") for doc in forum()]

    result = analyze(placed, Settings(place_names=names))

    assert agreement(list(GOLD.values()), labels_of(result)).ami > 0.9
    words = " ".join(" ".join((cluster.label, *cluster.phrases)) for cluster in result.clusters).lower()
    assert not any(name.lower() in words for name in names)


def test_the_order_of_input_does_not_matter():
    shuffled = forum()
    random.Random(7).shuffle(shuffled)

    assert analyze(shuffled) == analyze(forum())


def test_other_ids_for_the_same_texts_give_the_same_groups():
    renamed = analyze([Document(1_000 - number, doc.text) for number, doc in enumerate(forum())])
    names = {1_000 - number: doc.id for number, doc in enumerate(forum())}

    groups = {frozenset(names[member.id] for member in cluster.members) for cluster in renamed.clusters}

    assert groups == {frozenset(member.id for member in cluster.members) for cluster in analyze(forum()).clusters}


def test_the_fingerprint_follows_texts_settings_and_nothing_else():
    base = analyze(forum()).fingerprint

    assert len(base) == 64
    assert analyze(forum()[::-1]).fingerprint == base
    assert analyze(forum(), Settings(seed=1)).fingerprint != base
    assert analyze(forum()[1:]).fingerprint != base
    versions = dict(analyze(forum()).versions)
    assert versions.keys() >= {"analysis", "python", "numpy", "scipy", "scikit-learn", "PySastrawi"}


PRINT_RESULT = """
import sys
sys.path.insert(0, {tests!r})
from analysis import analyze
from analysis_texts import crowd
sys.stdout.write(repr(analyze(crowd(300))))
"""


@pytest.mark.parametrize("threads", ["1", "3"])
@pytest.mark.parametrize("hash_seed", ["0", "4711"])
def test_every_process_gives_the_same_bytes_with_any_number_of_threads(threads, hash_seed):
    tests = os.path.dirname(__file__)
    limits = {"OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads}
    environment = os.environ | limits | {"PYTHONHASHSEED": hash_seed}

    printed = subprocess.run(
        [sys.executable, "-c", PRINT_RESULT.format(tests=tests)],
        capture_output=True, text=True, check=True, env=environment, cwd=os.path.dirname(tests),
    )

    assert printed.stdout == repr(analyze(crowd(300)[::-1]))


def test_progress_names_every_stage_and_never_falls():
    calls = []

    analyze(forum(), progress=lambda stage, share: calls.append((stage, share)))

    assert list(dict.fromkeys(stage for stage, _ in calls)) == list(STAGES)
    shares = [share for _, share in calls]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


def test_progress_is_told_by_the_thread_that_asked_for_the_analysis():
    told_by = set()

    analyze(forum(), progress=lambda stage, share: told_by.add(threading.get_ident()))

    assert told_by == {threading.get_ident()}  # a job writes it to the database: its session knows one thread


def test_pieces_side_by_side_give_what_both_give_or_the_error_of_either():
    asker = threading.get_ident()

    assert side_by_side(lambda: threading.get_ident() == asker, lambda: threading.get_ident() == asker) == (False, True)
    with pytest.raises(ZeroDivisionError):
        side_by_side(lambda: 1 / 0, str)
    with pytest.raises(ZeroDivisionError):
        side_by_side(str, lambda: 1 / 0)


def test_progress_goes_on_evenly_within_every_stage():
    calls = []

    analyze(crowd(600), progress=lambda stage, share: calls.append((stage, share)))

    shares = [share for _, share in calls]
    assert max(after - before for before, after in pairwise(shares)) <= 0.1
    for stage in (STAGE_REPRESENT, STAGE_CLUSTER, STAGE_LABEL):
        assert len({share for told, share in calls if told == stage}) >= 8, stage


def test_the_work_can_be_cancelled_whenever_it_reports():
    n_calls = 0

    def count(stage: str, share: float) -> None:
        nonlocal n_calls
        n_calls += 1

    analyze(forum(), progress=count)

    for stop_at in range(1, n_calls, 7):
        left = iter(range(stop_at))

        def progress(stage: str, share: float, left=left) -> None:
            if next(left, None) is None:
                raise Cancelled

        with pytest.raises(Cancelled):
            analyze(forum(), progress=progress)


@pytest.mark.parametrize("stop_at", STAGES)
def test_the_work_can_be_cancelled_at_every_stage(stop_at):
    def progress(stage: str, share: float) -> None:
        if stage == stop_at:
            raise Cancelled

    with pytest.raises(Cancelled):
        analyze(forum(), progress=progress)
    assert analyze(forum()).quality.n_clusters == 5


def test_threads_are_given_back_after_the_last_caller():
    from threadpoolctl import threadpool_info

    from analysis.whole_process import single_threaded

    def blas_threads() -> set[int]:
        return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}

    before = blas_threads()
    outer, inner = single_threaded(), single_threaded()
    outer.__enter__()
    inner.__enter__()
    outer.__exit__(None, None, None)
    assert blas_threads() == {1}
    inner.__exit__(None, None, None)
    assert blas_threads() == before


@pytest.mark.parametrize("collects", [True, False])
def test_cycles_are_looked_for_again_after_an_analysis_however_it_ends(collects):
    seen = []

    def stop(stage, share):
        seen.append(gc.isenabled())
        if stage == "cluster":
            raise Cancelled

    (gc.enable if collects else gc.disable)()
    try:
        with pytest.raises(Cancelled):
            analyze(forum(), progress=stop)
        assert not any(seen[1:])
        assert gc.isenabled() == collects
    finally:
        gc.enable()
