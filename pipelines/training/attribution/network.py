"""The network: a pretrained encoder, three small embeddings a word, a linear layer, and a chain over the labels.

Belongs here: the torch module and its loss. Does not belong here: the training loop (see `fit`).

The chain is a linear-chain conditional random field (Lafferty, McCallum, Pereira 2001): a label's score depends on the
one before it. What the network gives out are the marginal probabilities of the chain, so that whoever reads them needs
no transitions.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from pipelines.core.attribution.encoding import N_CUES, N_QUOTES, N_SHAPES
from pipelines.core.attribution.model import LABELS

N = len(LABELS)
_NEVER = -1e4


@dataclass(frozen=True)
class Batch:
    """Paragraphs side by side.

    Attributes:
        pieces, mask: (B, L) ids and 1 where there is one.
        shapes, quotes, cues: (B, L), of the word that a piece belongs to.
        firsts: (B, W) index of the first piece of each word, 0 where there is no word.
        words: (B, W) bool, where there is a word.
        labels: (B, W).
        soft: (B, W, N) label probabilities of a teacher, or None.
        has_gold: (B,) whether labels are gold.
    """

    pieces: Tensor
    mask: Tensor
    shapes: Tensor
    quotes: Tensor
    cues: Tensor
    firsts: Tensor
    words: Tensor
    labels: Tensor
    soft: Tensor | None
    has_gold: Tensor
    names: Tensor | None = None


def legal() -> Tensor:
    """Return (N + 1, N): 0 where a label may follow another (last row: may come first), a large negative elsewhere."""
    out = torch.zeros(N + 1, N)
    for k in range(2, N, 2):
        out[:, k] = _NEVER
        out[k - 1, k] = out[k, k] = 0.0
    return out


class Network(nn.Module):
    """See the head of this module. `encoder` is a transformers model with `embeddings` of the BERT family."""

    def __init__(self, encoder: nn.Module, hidden: int, n_names: int = 0, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = encoder
        self.shape = nn.Embedding(N_SHAPES, hidden)
        self.quote = nn.Embedding(N_QUOTES, hidden)
        self.cue = nn.Embedding(N_CUES, hidden)
        for extra in (self.shape, self.quote, self.cue):
            nn.init.normal_(extra.weight, std=0.01)
        self.dropout = nn.Dropout(dropout)
        self.out = nn.Linear(hidden, N)
        self.name_out = nn.Linear(hidden, n_names) if n_names else None
        self.transitions = nn.Parameter(torch.zeros(N + 1, N))
        self.register_buffer("legal", legal(), persistent=False)

    def hidden(self, pieces: Tensor, mask: Tensor, shapes: Tensor, quotes: Tensor, cues: Tensor) -> Tensor:
        """Return (B, L, hidden)."""
        table = self.encoder.get_input_embeddings()
        seen = table(pieces) + self.shape(shapes) + self.quote(quotes) + self.cue(cues)
        return self.encoder(inputs_embeds=seen, attention_mask=mask).last_hidden_state

    def emissions(self, batch: Batch) -> tuple[Tensor, Tensor | None]:
        """Return (B, W, N) scores of the words, and those of the head for names if there is one."""
        h = self.hidden(batch.pieces, batch.mask, batch.shapes, batch.quotes, batch.cues)
        at = batch.firsts.unsqueeze(-1).expand(-1, -1, h.shape[-1])
        h = self.dropout(h.gather(1, at))
        names = self.name_out(h).float() if self.name_out is not None else None
        return self.out(h).float(), names

    def chain(self) -> Tensor:
        """Return (N + 1, N) transition scores, illegal ones ruled out; the last row is the start."""
        return self.transitions + self.legal

    def log_likelihood(self, emissions: Tensor, labels: Tensor, words: Tensor) -> Tensor:
        """Return (B,) log probability of the labels."""
        chain = self.chain()
        alpha = emissions[:, 0] + chain[N]
        gold = emissions[:, 0].gather(1, labels[:, :1]).squeeze(1) + chain[N][labels[:, 0]]
        for t in range(1, emissions.shape[1]):
            step = torch.logsumexp(alpha.unsqueeze(2) + chain[:N], 1) + emissions[:, t]
            on = words[:, t]
            alpha = torch.where(on.unsqueeze(1), step, alpha)
            move = chain[labels[:, t - 1], labels[:, t]]
            score = emissions[:, t].gather(1, labels[:, t : t + 1]).squeeze(1)
            gold = gold + torch.where(on, move + score, torch.zeros_like(move))
        return gold - torch.logsumexp(alpha, 1)

    def log_marginals(self, emissions: Tensor, words: Tensor) -> Tensor:
        """Return (B, W, N) log probabilities of each word's label under the chain (forward-backward)."""
        chain = self.chain()
        width = emissions.shape[1]
        forward = [emissions[:, 0] + chain[N]]
        for t in range(1, width):
            step = torch.logsumexp(forward[-1].unsqueeze(2) + chain[:N], 1) + emissions[:, t]
            forward.append(torch.where(words[:, t].unsqueeze(1), step, forward[-1]))
        back = [torch.zeros_like(forward[0])]
        for t in range(width - 1, 0, -1):
            step = torch.logsumexp(chain[:N] + (emissions[:, t] + back[-1]).unsqueeze(1), 2)
            back.append(torch.where(words[:, t].unsqueeze(1), step, back[-1]))
        both = torch.stack(forward, 1) + torch.stack(back[::-1], 1)
        return both - torch.logsumexp(both, 2, keepdim=True)
