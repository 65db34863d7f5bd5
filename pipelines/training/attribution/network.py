"""The network: a pretrained encoder, three small embeddings a word, a linear layer, and a chain over the labels.

Covers the torch module and its loss. For the training loop, see `fit`.

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

    def to(self, device: str) -> Batch:
        """Return the batch on a device."""
        return Batch(**{k: v if v is None else v.to(device) for k, v in vars(self).items()})


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

    def log_likelihood(self, emissions: Tensor, labels: Tensor, words: Tensor, forward: Tensor) -> Tensor:
        """Return (B,) log probability of the labels; `forward` see `forward_scores`."""
        chain = self.chain()
        moves = chain[labels[:, :-1], labels[:, 1:]] * words[:, 1:]
        own = emissions.gather(2, labels.unsqueeze(2)).squeeze(2) * words
        gold = chain[N][labels[:, 0]] + own.sum(1) + moves.sum(1)
        return gold - torch.logsumexp(forward[:, -1], 1)

    def log_marginals(self, emissions: Tensor, words: Tensor, forward: Tensor) -> Tensor:
        """Return (B, W, N) log probabilities of each word's label under the chain (forward-backward)."""
        still = torch.zeros_like(forward[:, 0])
        backward = along(still, self._steps(emissions, words).flip(1).transpose(2, 3)).flip(1)
        both = forward + backward
        return both - torch.logsumexp(both, 2, keepdim=True)

    def _steps(self, emissions: Tensor, words: Tensor) -> Tensor:
        """Return (B, W - 1, N, N) log weights of each step from label to label; a step to no word changes nothing."""
        still = torch.full((N, N), _NEVER, device=emissions.device).fill_diagonal_(0.0)
        steps = self.chain()[:N] + emissions[:, 1:].unsqueeze(2)
        return torch.where(words[:, 1:, None, None], steps, still)

    def forward_scores(self, emissions: Tensor, words: Tensor) -> Tensor:
        """Return (B, W, N) log weights of all labellings up to a word, by the word's label."""
        return along(emissions[:, 0] + self.chain()[N], self._steps(emissions, words))


def along(first: Tensor, steps: Tensor) -> Tensor:
    """Return (B, W, N) log weights: (B, N) at first, and after each of (B, W - 1, N, N) steps.

    A graphics card would wait for the orders of a loop over words: it gets the products of the steps in log W rounds.
    """
    if first.device.type != "cpu":
        rest = torch.logsumexp(first[:, None, :, None] + products(steps), 2)
        return torch.cat([first.unsqueeze(1), rest], 1)
    out = [first]
    for step in steps.unbind(1):
        out.append(torch.logsumexp(out[-1].unsqueeze(2) + step, 1))
    return torch.stack(out, 1)


def products(steps: Tensor) -> Tensor:
    """Return the products of the first 1, 2, ... of (B, W, N, N) log matrices.

    A parallel scan (Hillis and Steele 1986, "Data parallel algorithms").
    """
    by = 1
    while by < steps.shape[1]:
        steps = torch.cat([steps[:, :by], _product(steps[:, :-by], steps[:, by:])], 1)
        by *= 2
    return steps


def _product(a: Tensor, b: Tensor) -> Tensor:
    """Return the product of log matrices; what is rarer than e^-85 beside the likeliest way is that rare."""
    high_a, high_b = a.amax(-1, keepdim=True).detach(), b.amax(-2, keepdim=True).detach()
    with torch.autocast(a.device.type, enabled=False):
        return ((a - high_a).exp() @ (b - high_b).exp()).clamp_min(1e-37).log() + high_a + high_b
