"""What a site says for itself: to the reader about consent, offers and newsletters, of its authors, under its pictures.

Belongs here: how much a block reads like that, as numbers for the choice of the body (`body_features`). Does not belong
here: whole paragraphs that are unmistakable (`boilerplate`), markup (`page_blocks`).
"""

from __future__ import annotations

import re

_TO_THE_READER = re.compile(r"\b(?:you|your|we|our|us)\b", re.I)
_QUOTED = re.compile(r"[“„«][^”“»]{0,600}[”“»]|\"[^\"]{0,600}\"")
_OF_THE_SITE = re.compile(
    r"\b(?:cookies?|(?:our|\d+) partners|consent|personal data|data processing|privacy polic\w+"
    r"|terms (?:and|&) conditions|terms of (?:use|service)|newsletters?|inbox|sign(?:ed|ing)? (?:me )?up"
    r"|subscri(?:be|bing|ptions?|bers?)|unlimited access|free trial|cancel (?:at )?(?:any ?time|whenever)"
    r"|log(?:ged)? ?in|sign(?:ed)? in|your (?:e-?mail|account|browser|device|privacy|home page|support|gift|comment)"
    r"|this (?:site|website|browser)"
    r"|our (?:readers|journalis[mt]s?|reporters|newsroom|site|website|app|articles|privacy|community|guidelines)"
    r"|support us|donat(?:e|ions?)|monthly gift|contribution|ad[- ]?block(?:er|ing)?|javascript|free articles?"
    r"|follow us|our app|click(?:ing)?|you agree|your friends|tap the|by e-?mail|push notifications|alerts?"
    r"|(?:write|e-?mail|contact|get in touch|talk) (?:to |with )?us)\b",
    re.I,
)
_ENOUGH = 2
"""Different words of a site about itself from which a block is surely one of its own."""
_BIO = re.compile(
    r"(?:[A-Z][\w’'.-]+ ){1,4}(?:(?:is|was) (?:an? |the |our |\w+[’']s )?(?:[\w&’'-]+ ){0,6}?"
    r"(?:reporters?|writer|editor|correspondent|columnist|journalist|contributor|freelance\w*|fellow|professor"
    r"|author|producer|critic)\b"
    r"|(?:covers|writes (?:about|for|on)|reports (?:on|for|from)|joined|has (?:written|covered|reported|worked)"
    r"|can be reached)\b)"
)
_ABOUT_THE_AUTHOR = re.compile(
    r"(?:[Ss]he|[Hh]e|[Tt]hey) (?:studied|lives? in|lives? with|joined|previously|is the author)"
    r"|\b[Ff]ollow (?:him|her|them)\b|(?:his|her|their) (?:latest )?book|@\w{3,}|\bbased in\b|since (?:19|20)\d\d"
)
_MAX_BIO = 700
_PICTURE = re.compile(
    r"\b(?i:photo(?:graph)?s?|picture|image|foto|credit|illustration)"
    r"\s*(?:(?i:by|credit|courtesy of)\s+(?=[A-Z])|[:/])[^.!?“\"]{0,80}\W*$"
    r"|(?i:getty images|shutterstock|\w+/(?:ap|afp|reuters|epa))\W*$"
)
_MAX_CAPTION = 500


def pitch(text: str) -> float:
    """Return how much a block speaks to the reader about the site itself, 0 to 1; what is quoted does not count."""
    own = _QUOTED.sub(" ", text)
    if not _TO_THE_READER.search(own):
        return 0.0
    return min(_ENOUGH, len({m.casefold() for m in _OF_THE_SITE.findall(own)})) / _ENOUGH


def is_bio(text: str) -> bool:
    """Whether a block tells who its author is: a name, work for a paper, and something of a life."""
    return len(text) <= _MAX_BIO and bool(_BIO.match(text)) and bool(_ABOUT_THE_AUTHOR.search(text))


def is_credited(text: str) -> bool:
    """Whether a block names who made a picture: it is a caption, whatever its markup says."""
    return len(text) <= _MAX_CAPTION and bool(_PICTURE.search(text)) and text[:1] not in "“\"'"
