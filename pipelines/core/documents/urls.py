"""URLs: one form for one article, and the domain that owns it.

Covers what of a URL says nothing about the article, and registrable domains. For which of a page's URLs is meant, see
`html_meta`; for identity, see `identity`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_TRACKERS = re.compile(
    r"^(?:utm_.*|at_.*|mc_[ce]id|wt[._].*|cmp|cmpid|ocid|smid|smtyp|partner|emc|fbclid|gclid|gclsrc|dclid|msclkid|twclid|igshid"
    r"|gbraid|wbraid|ttclid|mkt_tok|_hs(?:enc|mi)|amp_.*|usqp"
    r"|yclid|_ga|_gl|ref|ref_src|ref_url|referrer|rss|ns_.*|xtor|ito|srnd|sref|spm|soc_.*|guccounter"
    r"|guce_.*|outputtype|amp|__twitter_impression|ftag|intcid|ncid|icid|mod|reflink|taid|traffic_source|linkid|via)$",
    re.I,
)


_AMP_CACHE = re.compile(
    r"https?://(?:[\w-]+\.cdn\.ampproject\.org/[vc]|(?:www\.)?google\.[a-z.]{2,6}/amp)(?P<secure>/s)?/(?P<page>[\w-]+\..+)$",
    re.I,
)
"""Copies of mobile pages that others keep: the address of the page stands inside."""


@lru_cache(maxsize=4096)
def canonical_url(url: str | None) -> str | None:
    """Return the one form of an article's URL, or None if it is no absolute HTTP URL.

    Case of the host, default port, fragment, tracking parameters and the order of the others do not matter.
    """
    if not url or len(url) > 2000:
        return None
    copy = _AMP_CACHE.match(url.strip())
    if copy is not None:
        url = f"http{'s' if copy['secure'] else ''}://{copy['page']}"
    from courlan import normalize_url  # 140 ms to import; a plain text file has no URL

    try:
        parts = urlsplit(url.strip())
        if parts.scheme.lower() not in ("http", "https") or not parts.hostname or "." not in parts.hostname:
            return None
        cleaned = str(normalize_url(url.strip(), strict=False))
        parts = urlsplit(cleaned)
        host = (parts.hostname or "").rstrip(".")
        port = parts.port
    except (ValueError, UnicodeError):
        return None
    kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKERS.match(k)]
    netloc = host if port in (None, 80, 443) else f"{host}:{port}"
    return urlunsplit((parts.scheme.lower(), netloc, parts.path or "/", urlencode(sorted(kept)), ""))


@lru_cache(maxsize=4096)
def domain_of(url_or_host: str | None) -> str | None:
    """Return the registrable domain (bbc.co.uk, name.blogspot.com) of a URL or host, lower case, or None."""
    if not url_or_host:
        return None
    from tld import get_fld  # reads its list of suffixes when imported

    target = url_or_host.strip().lower()
    if "://" not in target:
        target = f"https://{target}"
    try:
        found = get_fld(target, fail_silently=True, search_private=True)
    except Exception:  # the library raises errors of its own on odd hosts
        return None
    return str(found) if found else None


def has_path(url: str) -> bool:
    """Whether a URL points below the front page."""
    parts = urlsplit(url)
    return parts.path.strip("/") not in ("", "index.html", "index.php", "home") or bool(parts.query)
