"""An optional local model of word meanings: weighed by what it tells here, read from its folder only."""

import builtins
import shutil
import socket

import numpy as np
import pytest
from analysis_texts import GOLD, forum
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from analysis import Document, EmbeddingUnavailable, Placer, Settings, analyze, analyze_with_placer, check_embedding
from analysis.embedding import EmbeddingVectorizer, _model, folder_digest
from analysis.evaluation import agreement
from analysis.preprocessing import Preprocessor

TOPICS = {"a": "tarfu melko siguna dapor", "b": "bintu korpa zelma rustin", "c": "gifo nuraq pelto wamsi"}
"""Invented words, so that neither texts nor thesaurus can know which belong together."""


def save_model(folder, vectors_of):
    """A model2vec folder that gives each word its vector."""
    from model2vec import StaticModel

    words = sorted(vectors_of)
    vocabulary = {word: row for row, word in enumerate(["[UNK]", *words])}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    table = np.array([np.zeros(8), *(vectors_of[word] for word in words)], dtype=np.float32)
    StaticModel(table, tokenizer, config={}).save_pretrained(str(folder))
    return str(folder)


@pytest.fixture
def knowing(tmp_path):
    """A model to which the words of one invented topic are alike."""
    random = np.random.default_rng(1)
    return save_model(tmp_path / "knowing", {
        word: np.eye(8)[number] + random.normal(0, 0.1, 8)
        for number, words in enumerate(TOPICS.values()) for word in forms(words)})


def forms(words):
    endings = ["", *(first + last for first in ("r", "l", "m", "z", "t", "k") for last in ("a", "o", "u", "ir", "es"))]
    return [f"{word}{ending}" for word in words.split() for ending in endings]


def invented():
    """Sixty texts of four words of one topic each; hardly two share a word."""
    random = np.random.default_rng(2)
    documents, truth = [], []
    for number in range(60):
        topic = "abc"[number % 3]
        documents.append(Document(number, " ".join(random.choice(forms(TOPICS[topic]), 4, replace=False))))
        truth.append(topic)
    return documents, truth


def ami(result, truth):
    labels = [-1] * len(truth)
    for number, cluster in enumerate(result.clusters):
        for member in cluster.members:
            labels[member.id] = number
    return agreement(truth, labels).ami


def test_a_model_that_knows_the_words_finds_themes_that_words_alone_do_not(knowing):
    documents, truth = invented()

    without = ami(analyze(documents), truth)
    with_model = ami(analyze(documents, Settings(embedding_folder=knowing)), truth)

    assert with_model >= 0.7
    assert with_model > without + 0.1


def test_a_model_that_knows_nothing_here_falls_silent(knowing):
    settings = Settings(embedding_folder=knowing)

    assert analyze(forum(), settings).clusters == analyze(forum()).clusters


def test_a_model_of_chance_does_little_harm(tmp_path):
    random = np.random.default_rng(3)
    words = {word for document in forum() for word in document.text.lower().split()}
    folder = save_model(tmp_path / "chance", {word: random.normal(0, 1, 8) for word in words})
    truth = [GOLD[document.id] for document in forum()]
    numbered = [Document(number, document.text) for number, document in enumerate(forum())]

    assert ami(analyze(numbered, Settings(embedding_folder=folder)), truth) > ami(analyze(numbered), truth) - 0.1


def test_what_the_folder_holds_is_in_the_fingerprint_and_where_it_is_does_not_matter(knowing, tmp_path):
    documents, _truth = invented()
    moved = str(shutil.copytree(knowing, tmp_path / "elsewhere"))
    here, there = (analyze(documents, Settings(embedding_folder=folder)) for folder in (knowing, moved))

    assert here.fingerprint == there.fingerprint
    assert here.clusters == there.clusters
    assert here.fingerprint != analyze(documents).fingerprint
    other = save_model(tmp_path / "other", {"tarfu": np.ones(8)})
    assert analyze(documents, Settings(embedding_folder=other)).fingerprint != here.fingerprint


def test_new_texts_are_placed_with_the_model_also_later(knowing):
    documents, truth = invented()
    result, placer = analyze_with_placer(documents, Settings(embedding_folder=knowing))
    where = {member.id: cluster.key for cluster in result.clusters for member in cluster.members}

    again = Placer.from_bytes(placer.to_bytes())

    of_topic = {where[number] for number, topic in enumerate(truth) if topic == "a"}
    assert again.place("melkozu dapormu sigunalo").key in of_topic
    assert again.place("bintuza zelmako korpalu").key not in of_topic


def test_a_stored_placer_whose_model_changed_is_refused(knowing):
    documents, _truth = invented()
    _result, placer = analyze_with_placer(documents, Settings(embedding_folder=knowing))
    save_model(knowing, {"tarfu": np.ones(8)})

    with pytest.raises(EmbeddingUnavailable, match="sudah berubah"):
        Placer.from_bytes(placer.to_bytes())


def test_places_and_stop_words_have_no_meaning_here(knowing):
    vectorizer = EmbeddingVectorizer(knowing).fit()
    tokens = Preprocessor(["Tarfu"]).tokens("Tarfu melko dan")

    assert np.allclose(vectorizer.transform([tokens]), vectorizer.transform([Preprocessor().tokens("melko")]))
    assert not vectorizer.transform([Preprocessor().tokens("dan yang")]).any()


def test_a_missing_folder_is_said_plainly(tmp_path):
    for folder in (tmp_path / "none", tmp_path):
        with pytest.raises(EmbeddingUnavailable, match="tidak ada atau kosong"):
            analyze(forum(), Settings(embedding_folder=str(folder)))


def test_a_folder_is_checked_without_an_analysis(knowing, tmp_path):
    assert check_embedding(knowing) == folder_digest(knowing)
    with pytest.raises(EmbeddingUnavailable):
        check_embedding("")


def test_a_broken_folder_is_said_plainly(tmp_path):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "model.safetensors").write_bytes(b"no model")
    with pytest.raises(EmbeddingUnavailable, match="rusak"):
        analyze(forum(), Settings(embedding_folder=str(tmp_path / "broken")))


def test_a_missing_package_is_said_plainly(knowing, monkeypatch):
    real = builtins.__import__

    def without_package(name, *rest):
        if name == "model2vec":
            raise ImportError(name)
        return real(name, *rest)

    _model.cache_clear()
    monkeypatch.setattr(builtins, "__import__", without_package)
    with pytest.raises(EmbeddingUnavailable, match="pip install model2vec"):
        analyze(forum(), Settings(embedding_folder=knowing))


def test_nothing_is_fetched(knowing, monkeypatch):
    def refused(*_arguments):
        raise AssertionError("the network was asked")

    _model.cache_clear()
    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    documents, _truth = invented()

    assert analyze(documents, Settings(embedding_folder=knowing)).clusters


def test_the_digest_follows_the_content(knowing, tmp_path):
    copy = str(shutil.copytree(knowing, tmp_path / "copy"))
    before = folder_digest(copy)
    (tmp_path / "copy" / "config.json").write_text("{}")

    assert folder_digest(knowing) == before
    assert folder_digest(copy) != before
