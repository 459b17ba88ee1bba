"""What one new text costs among many: placing it, and finding similar ones, beside one request to the application."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from analysis import Document, SimilarityIndex, analyze_with_placer
from bench.bar import Bar
from bench.http_client import drive
from bench.many_texts import many_texts
from bench.phones import idea, send
from bench.serving import forum_server

N_QUERIES = 500
REQUEST_SECONDS = 3.0


def lookup_bars(n_texts: int) -> list[Bar]:
    """Processor time of placing and of similarity among ``n_texts``, each as a share of that of a sent idea."""
    drawn = [row.text for row in many_texts(n_texts + N_QUERIES)]
    documents, queries = [Document(*pair) for pair in enumerate(drawn[:n_texts])], drawn[n_texts:]
    placer, index = analyze_with_placer(documents)[1], SimilarityIndex(documents)
    placing, finding, request = per_call(placer.place, queries), per_call(index.most_similar, queries), per_request()
    return [
        Bar(f"placing one text, {1000 * placing:.2f} ms : one request", placing / request, 1, True),
        Bar(f"similar among {n_texts:,}, {1000 * finding:.2f} ms : one request", finding / request, 1, True),
    ]


def per_call(function: Callable[[str], object], texts: Sequence[str]) -> float:
    """Seconds of processor time for one text."""
    function(texts[0])
    began = time.process_time()
    for text in texts:
        function(text)
    return (time.process_time() - began) / len(texts)


def per_request() -> float:
    """Seconds of processor time in which the web process receives one idea from a phone."""
    with forum_server() as forum:
        drive(forum.port, lambda: send(forum.code, idea()), connections=1, seconds=0.5)
        before = forum.cpu_seconds()
        load = drive(forum.port, lambda: send(forum.code, idea()), connections=1, seconds=REQUEST_SECONDS)
        return (forum.cpu_seconds() - before) / len(load.answers)
