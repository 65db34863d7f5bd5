"""Paragraphs that belong to the page and not to the article: links, advertisements, forms, credits, copyright.

Covers patterns over one whole paragraph, and over the line that heads a list of other articles. For notices of the
article itself, see `paragraph_kinds`; for markup, see `html_body`.

A pattern has to read the whole paragraph, from an unmistakable head: an article about newsletters is body.
"""

from __future__ import annotations

import re

from pipelines.core.documents.paragraph_kinds import credited_agency

_CREDIT = re.compile(
    r"[(\[]\s*(?:additional |with )?(?:reporting|writing|editing|written|edited|compiled"
    r"|translated)\b[^()]{0,400}[)\]]?"
    r"|(?:additional )?(?:reporting|writing|editing) by\b.{0,300}|©.{0,200}"
    r"|copyright\s*(?:©|\(c\)|\d{4}|by\b|:).{0,200}|\(c\) \d{4}.{0,200}",
    re.I | re.S,
)
_NAMES = r"(?:[A-Z][\w’'.-]*,? |(?:van|von|de|der|den|di|da|la|el|al|bin|and) ){1,20}"
_PLACE = r"[A-Z][\w., ]{2,60}"
_CONTRIBUTED = re.compile(
    rf"(?:Contributing: .{{2,240}}|(?:{_NAMES}(?:contributed(?: reporting| research)?"
    rf"(?: to this (?:report|article|story))?(?: from {_PLACE})?|reported from {_PLACE})[.\s]*){{1,3}})"
)
_SITES = r"(?:twitter|facebook|instagram|telegram|youtube|whatsapp|x|linkedin|tiktok|threads|bluesky|mastodon|signal)"
_LIST_HEAD = (
    r"(?:(?:top|more|related|latest|other|popular|trending|recommended|recent)"
    r" (?:stories|news|articles|posts|reading|headlines|coverage|topics|content|videos)"
    r"|(?:partner|sponsored) (?:news|content)|most (?:read|popular|viewed|shared|commented)(?: in .{1,40})?"
    r"|you (?:may|might) also (?:like|enjoy|be interested in)"
    r"|recommended(?: for you)?|read next|more from .{2,40}|more on this(?: story| topic)?"
    r"|(?:\d+ )?comments?(?: \(\d+\))?"
    r"|leave a (?:comment|reply)|join the (?:conversation|discussion)|don[’']t miss|trending(?: now)?"
    r"|editors?[’'] picks?)"
)
_LIST_HEADING = re.compile(rf"{_LIST_HEAD}\s*:?", re.I)
_BOILERPLATE = re.compile(
    r"(?:"
    # links to elsewhere
    r"(?:read|see|learn|find out|know|view|show|load) (?:more|also|next|the rest|the full|all)\b"
    r"(?:[^,]{0,80}|\s*[:–—-].{0,120}|\s+(?:about|on|here|at|in|from|of)\b.{0,120})"
    r"|also read\b.{0,140}|also:\s*(?:see|read|watch)\b.{0,160}"
    r"|(?:click|tap) here\b.{0,120}"
    r"|(?:you can )?(?:read|watch|see) (?:the )?(?:rest|full|whole|complete)\b.{0,120}\bhere\b.{0,20}"
    r"|continue reading\b.{0,80}|story continues below.{0,40}"
    r"|(?:article|scroll|keep scrolling|scroll down).{0,20}(?:continues|to continue).{0,60}"
    r"|scroll (?:down )?for (?:more|video).{0,40}"
    r"|(?:related|more|see also|don[’']t miss|must read|recommended|watch|also read|read)\s*:\s.{0,160}"
    r"|\[(?:related|read|more|see also|also|watch|video|photos?|gallery)\b.{1,220}\]"
    r"|(?:follow|more|reach|listen|download|read|watch|find|visit|see|online|on the web)\b.{0,160}https?://\S+.{0,160}"
    r"|(?:(?:url|link|source|web) ?: ?)?https?://\S+"
    r"|(?:do|did|have|are) you\b.{0,120}\?.{0,60}(?:\S+@\S+|(?:contact|e-?mail|write to|in touch with) us\b).{0,80}"
    r"|share (?:this|the) (?:article|story|post)\b.{0,60}"
    rf"|{_LIST_HEAD}"
    r"|(?:share|tweet|print|email|comments?|related|recommended|tags?|topics?|see also|share this|watch|photos?|video"
    r"|home|menu|back to top|log ?in|loading|order reprints|print (?:this )?(?:page|article|story))\s*:?(?:\s*\d+)?"
    r"|(?:filed under|posted in|tagged(?: with|:)|tags:|topics:):?\s.{0,160}"
    r"|(?:reading time|read time|tempo de leitura|lesezeit|temps de lecture)\b.{0,30}|\d+[ -]min(?:ute)?s? read"
    # advertisements, newsletters, forms
    r"|advertisement(?:\s*[-–—].{0,60})?|sponsored(?: content)?|promoted(?: content)?"
    r"|(?:please )?(?:subscribe|sign up|register (?:now|here|today|for free|to (?:read|continue)))\b.{0,200}"
    r"|(?:get|receive|join|stay (?:informed|updated|up[ -]to[ -]date)|never miss)\b.{0,200}"
    r"\b(?:newsletters?|inbox|subscriptions?|subscrib(?:e|ing)|free trial|clicking here|click here)\b.{0,300}"
    r"|want more [^?]{1,60}\? (?:get|sign|subscribe|join|read|listen)\b.{0,240}"
    r"|download (?:the|our) .{0,40}\bapp\b.{0,160}"
    rf"|(?:follow|join|find|reach) .{{1,80}}? on {_SITES}\b.{{0,300}}"
    rf"|like (?:us|@?\w+(?: \w+){{0,3}}) on {_SITES}\b[^,]{{0,140}}"
    r"|if you (?:enjoyed|liked) (?:reading )?this (?:article|story|post|piece)\b.{0,400}"
    r"|.{0,160}\bwe(?:[’']d| would) (?:like|love) to hear what you think about (?:this|any)\b.{0,240}"
    r"|tell us what you think\b.{0,60}|(?:send us|share) your (?:stories|story|photos|videos|tips|thoughts)\b.{0,160}"
    r"|let us know (?:what you think )?in the comments\b.{0,100}"
    r"|thanks for signing up\b.{0,60}|keep an eye on your inbox\b.{0,80}|this article has been sent to\b.{0,80}"
    r"|there was an error (?:processing|with|submitting)\b.{0,80}|an error (?:has )?occurred\b.{0,80}"
    r"|enter your e-?mail\b.{0,60}|(?:flag)?share ?like ?reply.{0,80}|twitter:\s*@\w+|\(?h/t\s.{2,60}"
    r"|watch (?:the |an? )?(?:full |entire )?(?:interview|video|clip|ad|speech|exchange)s? (?:above|below|here)"
    r"|(?:this|the) (?:article|story|post|piece|report) (?:has been|was) updated"
    r" (?:to|with|on|at|after|following)\b.{0,240}"
    r"|[—–-]{2,}"
    r"|(?:getty(?: images)?|ap photo|shutterstock|afp|epa)(?:/[\w .]{2,40})?"
    r"|\[(?P<code>\w+)[^\]]{0,200}\].{0,200}\[/(?P=code)\]"
    # whose words these are
    r"|(?:all rights reserved|terms of (?:use|service)|privacy policy|cookie policy)\b.{0,160}"
    r"|.{0,160}\ball rights reserved\b.{0,40}|this copy is for your personal\b.{0,420}"
    r"|this material may not be published, broadcast, rewritten.{0,60}|-30-|#{3,}|\*(?:\s*\*){2,}|_{2,}"
    r"|reuter(?:s)?[\s.]*(?:\d+)?"
    r"|(?:contact|email|e-mail|write to)\b.{0,80}\S+@\S+.{0,40}|our standards: .{0,80}"
    r")[\s.:…!»›→>|]*",
    re.I | re.S,
)
_SPEECH = re.compile(r"[“\"][^”\"]{25,}")
_MAX_LINE = 500
_MAX_TEASER_WORDS = 45
_MIN_ARTICLE = 400


def is_boilerplate(paragraph: str) -> bool:
    """Whether a paragraph is a link, an advertisement, a form, a credit or a copyright line."""
    patterns = (_BOILERPLATE, _CREDIT, _CONTRIBUTED)
    return len(paragraph) <= _MAX_LINE and any(pattern.fullmatch(paragraph) for pattern in patterns)


def is_navigation(paragraph: str) -> bool:
    """Whether a paragraph of a page is a link to elsewhere, an advertisement or a button, and no credit."""
    return (
        len(paragraph) <= _MAX_LINE and bool(_BOILERPLATE.fullmatch(paragraph)) and credited_agency(paragraph) is None
    )


def without_list(paragraphs: list[str]) -> list[str]:
    """Return the paragraphs of a page without the list of other articles that stands under a heading at their end.

    It is one if only teasers follow the heading: nothing long, and no speech between quotation marks.
    """
    for n in range(len(paragraphs) - 1, 0, -1):
        if not _LIST_HEADING.fullmatch(paragraphs[n]):
            continue
        after = paragraphs[n + 1 :]
        is_list = all(len(p.split()) <= _MAX_TEASER_WORDS and not _SPEECH.search(p) for p in after)
        if is_list and sum(map(len, paragraphs[:n])) >= _MIN_ARTICLE:
            return without_list(paragraphs[:n])
    return paragraphs
