"""Gold corpora in brat stand-off form.

For labels, see `examples`.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.evaluation.attribution import Spans, parse_brat


def read_corpus(folder: Path, split: str) -> list[tuple[str, str, list[Spans]]]:
    """Return (name, text, gold) of SPLIT/text/NAME.txt with SPLIT/attributions/NAME_annotator.ann, by name.

    Of several annotators the first by file name is read, as PolNeAR's scorer does.

    Raises:
        FileNotFoundError: the split holds no attributions that have a text.
    """
    out: dict[str, tuple[str, str, list[Spans]]] = {}
    for path in sorted((folder / split / "attributions").glob("*.ann")):
        name = path.stem.rsplit("_", 1)[0]
        text = folder / split / "text" / f"{name}.txt"
        if name not in out and text.exists():
            out[name] = (name, text.read_bytes().decode("utf-8"), parse_brat(path.read_bytes().decode("utf-8")))
    if not out:
        raise FileNotFoundError(f"{folder / split}: no attributions/*.ann with a text/*.txt of the same name")
    return list(out.values())
