"""What a site's robots.txt allows, by RFC 9309.

Covers reading it. For waiting, see `client`.
"""

from __future__ import annotations

from protego import Protego

AGENT = "OnRecord"
"""The name by which robots.txt may address us."""


class Robots:
    """A site's rules for us; an empty text allows everything."""

    def __init__(self, text: str = "") -> None:
        self._rules = Protego.parse(text)

    def allows(self, url: str) -> bool:
        """Whether the page may be fetched."""
        return bool(self._rules.can_fetch(url, AGENT))

    @property
    def seconds_between(self) -> float:
        """Seconds that the site wants between two requests (Crawl-delay, Request-rate); 0 if it does not say."""
        rate = self._rules.request_rate(AGENT)
        by_rate = rate.seconds / rate.requests if rate is not None and rate.requests else 0.0
        return max(float(self._rules.crawl_delay(AGENT) or 0.0), by_rate)
