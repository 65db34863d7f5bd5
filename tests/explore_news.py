"""Made-up news for the pages: several outlets, shared and disputed words, and text that must not be run or mangled."""

from __future__ import annotations

import json
from pathlib import Path

SCRIPT = "<script>document.title = 'run'; window.ran = 1</script>"
SHARED = "We will not leave the table before the bridge is safe"
DISPUTED = "Nobody was told about the cracks in the pillars"
LONG = "the " + "very " * 120 + "long sentence was never meant to end"

_ROWS = [
    {
        "id": "1", "outlet": "Bridge Herald", "url": "https://bridgeherald.example/1", "title": f"Talks {SCRIPT} go on",
        "published_at": "2026-03-02T09:00:00Z",
        "text": f"Talks on the bridge went on for a day more.\n\n“{SHARED},” Mayor Ada Brook said on Monday.\n\n"
        f"“Do not print {SCRIPT} anywhere,” Brook said. “It is code & not news.”\n\n"
        "Brook said that engineer Tomas Arden had told her that “the pillars 🌉 are older than the town”.\n\n"
        "The so-called “grand valley walk” is two years old.",
    },
    {
        "id": "2", "outlet": "Quay Courier", "url": "https://quaycourier.example/2",
        "title": "שלום: Bridge talks 🌉 resume", "published_at": "2026-03-03T09:00:00Z",
        "text": f"The talks resumed.\n\n“{SHARED},” Mayor Ada Brook said.\n\n"
        f"“{DISPUTED},” said engineer Tomas Arden.\n\n"
        "“שלום לכולם 👩‍🚀 and welcome to the bridge,” Ada Brook told reporters.\n\n"
        f"Ada Brook complained that {LONG}.",
    },
    {
        "id": "3", "outlet": "Hill & Dale < Post", "url": "https://hillpost.example/3", "title": "Cracks",
        "published_at": "2026-03-04T09:00:00Z",
        "text": f"Cracks were found.\n\n“{DISPUTED},” said Ines Calloway, the head of the Bridge Authority.\n\n"
        "The Bridge Authority denied that it had known of the cracks. "
        "“We were as surprised as anyone,” Calloway said.\n\n"
        "Tomas Arden criticised Ada Brook. “Ada Brook knew,” Arden said.",
    },
    {"id": "4", "outlet": "Hill & Dale < Post", "url": "https://hillpost.example/4", "title": "No date, no quote",
     "text": "The weather over the valley stayed dry, and the river stood lower than in any summer before this one."},
]  # fmt: skip


def write_news(folder: Path) -> None:
    """Write the news as JSON lines, and a record that is refused."""
    folder.mkdir(parents=True)
    lines = [json.dumps(row, ensure_ascii=False) for row in _ROWS]
    (folder / "news.jsonl").write_text("\n".join([*lines, '{"id": "<img src=x onerror=alert(1)>", "text": "cut o']))


def write_more(folder: Path) -> None:
    """Write a changed text of the first article."""
    folder.mkdir(parents=True)
    row = _ROWS[0] | {"text": str(_ROWS[0]["text"]) + "\n\n“The bridge opens in May,” Brook announced."}
    (folder / "more.jsonl").write_text(json.dumps(row, ensure_ascii=False))
