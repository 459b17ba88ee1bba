"""``python -m bench.random_sentence_model FILE FOLDER``: a sentence model that costs what BERTopic's default one costs.

BERTopic turns texts into vectors with "all-MiniLM-L6-v2" (Wang and others 2020, "MiniLM"), which has to be downloaded.
What such a network costs depends on its shape, not on the values in it: this one has the same layers and width, as
many weights (22.7 million), and the same sentence vector (mean over the pieces of words, length 1). Its tokenizer
learns pieces from the very texts that are measured, so that their words fall into fewer pieces than with an English
vocabulary: it costs less, not more. What is grouped by its vectors means nothing and must never be shown as quality.

FILE has text, label and language per line, separated by tabs. The model is made in a process of its own: whoever has
loaded PyTorch hands hundreds of megabytes to every process that is started and measured afterwards.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.labelled import read_tsv

SHAPE = {
    "vocab_size": 30_522,
    "hidden_size": 384,
    "num_hidden_layers": 6,
    "num_attention_heads": 12,
    "intermediate_size": 1_536,
    "max_position_embeddings": 512,
}
"""As in the file config.json of all-MiniLM-L6-v2."""

MAX_PIECES = 256
"""Pieces of a text that are read, as in its file sentence_bert_config.json."""


def write_model(folder: Path, texts: Sequence[str]) -> None:
    """Write the model as a folder that sentence-transformers, and so BERTopic, loads by its path."""
    import torch  # takes seconds, and hardly anybody has it
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel
    from transformers.utils import logging

    logging.disable_progress_bar()
    torch.manual_seed(0)
    with TemporaryDirectory(prefix="forum-bench-") as network:
        BertModel(BertConfig(**SHAPE)).save_pretrained(network)
        write_tokenizer(Path(network), texts)
        words = Transformer(network, max_seq_length=MAX_PIECES)
        pooling = Pooling(SHAPE["hidden_size"], pooling_mode="mean")
        SentenceTransformer(modules=[words, pooling, Normalize()], device="cpu").save(str(folder))


def write_tokenizer(folder: Path, texts: Sequence[str]) -> None:
    """Pieces of words in small letters, learnt from the texts; at most as many as the network has room for."""
    from tokenizers import BertWordPieceTokenizer
    from transformers import BertTokenizerFast

    pieces = BertWordPieceTokenizer(lowercase=True)
    pieces.train_from_iterator(texts, vocab_size=SHAPE["vocab_size"], show_progress=False)
    pieces.save_model(str(folder))
    BertTokenizerFast.from_pretrained(str(folder)).save_pretrained(str(folder))


if __name__ == "__main__":
    write_model(Path(sys.argv[2]), [row.text for row in read_tsv(Path(sys.argv[1]))])
