"""What a page declares about its article: JSON-LD, meta elements, markup.

Covers reading declarations, and which one goes first. For the body, see `html_body`; for comparing declarations with
what is printed in the body, see `html`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from string import ascii_lowercase, ascii_uppercase
from typing import Any
from urllib.parse import urljoin

from lxml.html import HtmlElement

from pipelines.core.documents.headline import same_words
from pipelines.core.documents.model import UNDATED, Published
from pipelines.core.documents.paragraph_kinds import read_marked_byline, split_names, without_date
from pipelines.core.documents.publication_dates import parse_date
from pipelines.core.documents.urls import canonical_url, domain_of, has_path
from pipelines.core.text.agencies import agency_of

_ARTICLE_TYPES = re.compile(r"(?:Article|BlogPosting|Report|Review|LiveBlogPosting|SocialMediaPosting)$")
_PUBLISHED_META = (
    "article:published_time", "datepublished", "og:published_time", "og:article:published_time", "parsely-pub-date",
    "sailthru.date", "dc.date.issued", "dcterms.created", "dc.date", "article.published", "pubdate", "publish-date",
    "publication_date", "published_time", "date", "publishdate", "article_date_original", "originalpublicationdate",
)  # fmt: skip
_UPDATED_META = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "article.updated",
    "lastmod",
    "last-modified",
)
_AUTHOR_META = ("author", "parsely-author", "sailthru.author", "dc.creator", "article:author", "byl", "article.author")
_UPDATED_XPATH = (
    "(//article//*[self::time or descendant::time][@itemprop='dateModified' or contains(@class,'updated') "
    "or contains(@class,'modified')])[1]"
)
_ELSEWHERE = (
    "ancestor::nav or ancestor::footer or ancestor::aside or ancestor::li or "
    "ancestor::*[contains(@class,'related') or contains(@class,'comment') or contains(@class,'teaser')"
    " or contains(@class,'promo') or contains(@class,'card')]"
)
_PLATFORMS = frozenset(("blogger", "wordpress", "medium", "hosted", "facebook", "twitter", "youtube"))
_BYLINE_XPATH = (
    "//*[contains(@class,'byline') or contains(@class,'Byline') or @itemprop='author' or @rel='author' "
    "or contains(@class,'author-name') or contains(concat(' ',@class,' '),' author ') "
    "or contains(concat(' ',@class,' '),' autor ')]"
)
_MIN_HEADLINE = 3
"""Words of a lone h1 that is taken before a `<title>` that says something else."""
_STRAY_COMMA = re.compile(r",\s*([}\]])")
_ESCAPED = re.compile(r"&(?:#\d{2,6}|#x[0-9a-f]{2,5}|[a-z]{2,8}\d{0,2});", re.I)
_DESK_WORDS = frozenset(("the", "sport", "sports", "news", "staff", "online", "team", "desk", "admin", "editor"))


@dataclass(frozen=True)
class Meta:
    """What a page declares; None and empty where it does not."""

    headline: str | None = None
    description: str | None = None
    byline: str | None = None
    authors: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()
    published: Published = UNDATED
    updated: Published = UNDATED
    url: str | None = None
    is_front_page: bool = False
    is_article: bool = False
    is_live: bool = False
    is_paid: bool = False
    outlet_name: str | None = None
    dateline: str | None = None
    article_body: str = ""


@dataclass(frozen=True)
class _Page:
    tree: HtmlElement
    metas: dict[str, str]
    article: dict[str, Any]
    texts: dict[str, str] = field(default_factory=dict)


def read_meta(tree: HtmlElement, page_url: str | None, zone: str | None) -> Meta:
    """Read what a page declares.

    Args:
        tree: The page; it is not changed.
        page_url: Where it was met, if that is a URL.
        zone: IANA zone of times without one.
    """
    metas = _metas(tree)
    page = _Page(tree, metas, _json_ld_article(tree, metas, page_url))
    url, is_front_page = _url(page, page_url)
    site = _outlet_name(page, url or page_url)
    authors, credits_ = _authors(page, site)
    byline = _byline(tree)
    printed = (read_marked_byline(byline) or split_names(byline)) if byline else None
    if byline and printed and not any(a.split()[-1].casefold() in byline.casefold() for a in authors):
        authors = printed  # what readers see goes before a declaration that names others
    return Meta(
        headline=_headline(page, site),
        description=_first_text(
            page.article.get("description"), page.metas.get("og:description"), page.metas.get("description")
        ),
        byline=byline,
        authors=authors,
        credits=credits_,
        published=_published(page, zone),
        updated=_first_date(
            zone, page.article.get("dateModified"), *(page.metas.get(m) for m in _UPDATED_META), *_printed_updates(tree)
        ),
        url=url,
        is_front_page=is_front_page,
        is_live="LiveBlogPosting" in _types(page.article),
        is_paid=str(page.article.get("isAccessibleForFree")).lower() == "false",
        is_article=bool(page.article) or page.metas.get("og:type", "").lower() == "article",
        outlet_name=site,
        article_body=_article_body(page.article.get("articleBody")),
        dateline=next((flat_text(e)[:120] for e in tree.xpath("//article//*[contains(@class,'dateline')]")), None),
    )


def flat_text(element: HtmlElement) -> str:
    """Return an element's text on one line."""
    return " ".join("".join(map(str, element.itertext())).split())


def _metas(tree: HtmlElement) -> dict[str, str]:
    out: dict[str, str] = {}
    for meta in tree.iter("meta"):
        content = " ".join((meta.get("content") or "").split())
        if content:
            for attribute in ("property", "name", "itemprop"):
                name = (meta.get(attribute) or "").strip().lower()
                if name:
                    out.setdefault(name, content)
    return out


def _json_ld_article(tree: HtmlElement, metas: Mapping[str, str], page_url: str | None) -> dict[str, Any]:
    """Return the JSON-LD object of the page's article; of several the one of its URL or headline, else the first."""
    everything: list[dict[str, Any]] = []
    for script in tree.xpath("//script[contains(@type,'ld+json')]"):
        raw = re.sub(r"^\s*(?:<!--|//<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\]\]>|\]\]>)\s*$", "", script.text or "")
        data = _loaded(raw.strip().rstrip(";"))
        everything.extend(_objects(data, 0))
    found = [o for o in everything if any(_ARTICLE_TYPES.search(t) for t in _types(o))]
    if not found:
        return {}
    article = found[0] if len(found) == 1 else max(found, key=lambda o: _fit(o, tree, metas, page_url))
    by_id = {o["@id"]: o for o in everything if isinstance(o.get("@id"), str) and "name" in o}
    named = {key: _resolved(article[key], by_id) for key in ("author", "creator", "publisher") if key in article}
    return {**article, **named}


def _loaded(raw: str) -> object:
    """Return what a script of JSON holds, also with a comma before a closing bracket; None if it is broken."""
    for text in (raw, _STRAY_COMMA.sub(r"\1", raw)):
        try:
            return json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _resolved(value: object, by_id: Mapping[str, dict[str, Any]]) -> object:
    """Return a value with the objects that it only names by their "@id"."""
    if isinstance(value, list):
        return [_resolved(item, by_id) for item in value]
    if isinstance(value, dict) and "name" not in value:
        return by_id.get(str(value.get("@id")), value)
    return value


def _fit(item: Mapping[str, Any], tree: HtmlElement, metas: Mapping[str, str], page_url: str | None) -> int:
    """Return how well an object describes this page's article: teasers may be articles in JSON-LD, too."""
    headline = item.get("headline") or item.get("name")
    if not isinstance(headline, str):
        return 0
    own = [*tree.xpath("//link[@rel='canonical']/@href")[:1], metas.get("og:url"), page_url]
    entity = item.get("mainEntityOfPage")
    urls = (item.get("url"), entity.get("@id") if isinstance(entity, dict) else entity)
    is_own_url = any(u and u in own for u in urls if isinstance(u, str))
    printed = [metas.get("og:title", ""), *(flat_text(h) for h in tree.xpath("//h1")[:3])]
    return 1 + 2 * any(same_words(plain(headline), t) for t in printed) + 2 * is_own_url


def _objects(data: object, depth: int) -> Iterator[dict[str, Any]]:
    if depth > 5:
        return
    if isinstance(data, list):
        for item in data:
            yield from _objects(item, depth + 1)
    elif isinstance(data, dict):
        yield data
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "subjectOf"):
            yield from _objects(data.get(key), depth + 1)


def _types(item: dict[str, Any]) -> list[str]:
    kind = item.get("@type")
    return [k for k in (kind if isinstance(kind, list) else [kind]) if isinstance(k, str)]


def _first_text(*values: object) -> str | None:
    for value in values:
        if isinstance(value, list) and value:
            value = value[0]  # noqa: PLW2901
        if isinstance(value, dict):
            value = value.get("name") or value.get("@value")  # noqa: PLW2901
            value = value[0] if isinstance(value, list) and value else value  # noqa: PLW2901
        if isinstance(value, str):
            text = plain(value)
            if text:
                return text
    return None


def plain(value: str) -> str:
    """Return a line without tags and entities, also where they were escaped twice."""
    from html import unescape  # the module beside this one has the same name

    text = unescape(value)
    if _ESCAPED.search(text):  # escaped twice
        text = unescape(text)
    return " ".join(re.sub(r"<[^<>]{1,200}>", " ", text).split())


def _article_body(value: object) -> str:
    """Return the body that JSON-LD gives, a line for each paragraph; "" if it gives none."""
    parts = value if isinstance(value, list) else [value]
    text = "\n".join(p for p in parts if isinstance(p, str))
    if not text:
        return ""
    from html import unescape  # the module beside this one has the same name

    text = re.sub(r"</?(?:p|br|div|li|h[1-6])\b[^<>]{0,200}>", "\n", unescape(text), flags=re.I)
    return re.sub(r"<[^<>]{1,200}>", "", text)


def _outlet_name(page: _Page, url: str | None) -> str | None:
    """Return the first name that shares a word with the domain, else the site's name; never an agency or a platform."""
    publisher = page.tree.xpath("//*[@itemprop='publisher']//*[@itemprop='name']/@content")[:1]
    names = [_first_text(v) for v in (page.metas.get("og:site_name"), page.article.get("publisher"), publisher,
                                      page.metas.get("application-name"))]  # fmt: skip
    usable = [n for n in names if n and 3 <= len(re.sub(r"\W", "", n)) <= 60 and not n.startswith(("http", "@"))]
    named = named_like(usable, url)
    if named is not None:
        return named
    declared = [n for n in usable if n in names[:3] and agency_of(n) is None and n.casefold() not in _PLATFORMS]
    return declared[0] if declared else None


def named_like(names: Iterable[str], url: str | None) -> str | None:
    """Return the first name that shares a word, or its initials, with the domain of a URL."""
    label = (domain_of(url) or "").partition(".")[0].replace("-", "")
    for name in names:
        words = re.findall(r"\w+", name.casefold())
        if label and (any(len(w) > 2 and w in label for w in words) or "".join(w[0] for w in words) == label):
            return name
    return None


def _headline(page: _Page, site: str | None) -> str | None:
    """Return the headline that most of h1, JSON-LD, og:title and title agree on; h1, as printed, breaks a tie."""
    title = next(iter(page.tree.iter("title")), None)
    heads = [t for t in (plain(flat_text(h)) for h in page.tree.iter("h1")) if 8 <= len(t) <= 300]
    declared = [_first_text(page.article.get("headline")), page.metas.get("og:title"), page.metas.get("twitter:title"),
                flat_text(title) if title is not None else None]  # fmt: skip
    cleaned = [_without_site(plain(t), site) for t in declared if t]
    printed = next((h for h in heads if any(same_words(h, t) for t in cleaned)), None)
    if printed is None and len(heads) == 1 and (not cleaned or any(_shares_words(heads[0], t) for t in cleaned)):
        printed = heads[0]
    if printed is None and len(heads) == 1 and not any(declared[:3]) and not same_words(heads[0], site or ""):
        printed = heads[0] if len(heads[0].split()) >= _MIN_HEADLINE else None  # a title alone may be the site's name
    if printed is not None:
        return printed
    for text in cleaned:
        if sum(same_words(text, other) for other in cleaned) > 1:
            return text
    return cleaned[0] if cleaned else (heads[0] if heads else None)


def _without_site(title: str, site: str | None) -> str:
    """Cut " | Site" and " - Site" off a title."""
    for separator in (" | ", " — ", " – ", " - ", " :: ", " • ", " » "):
        head, found, tail = title.rpartition(separator)
        if (
            found
            and len(head) >= 15
            and (same_words(tail, site or "") or len(tail.split()) <= (4 if separator == " | " else 3))
        ):
            return _without_site(head, site) if separator == " | " else head.strip()
    return title


def _shares_words(a: str, b: str) -> bool:
    left, right = set(a.casefold().split()), set(b.casefold().split())
    return len(left & right) >= 0.5 * min(len(left), len(right))


def _published(page: _Page, zone: str | None) -> Published:
    """Return the first declared date; where that is a day only, an instant of that day that is declared elsewhere."""
    values: list[object] = [page.article.get("datePublished")]
    values += [page.metas.get(m) for m in _PUBLISHED_META]
    values += page.tree.xpath("//time[@itemprop='datePublished' or @pubdate]/@datetime")
    values += page.tree.xpath("//*[@itemprop='datePublished']/@content")
    if not any(values):
        values += page.tree.xpath("(//article//time/@datetime | //header//time/@datetime)[position() <= 1]")
    found = [d for d in (parse_date(str(v), zone) for v in values if v) if d.on is not None and d.precision != "month"]
    if not found:
        return UNDATED
    first = found[0]
    assert first.on is not None
    for other in found:
        if other.at is not None and other.on is not None and abs(other.on - first.on) <= timedelta(days=1):
            return other
    return first


def _first_date(zone: str | None, *values: object) -> Published:
    for value in values:
        found = parse_date(value, zone)
        if found.on is not None:
            return found
    return UNDATED


def _printed_updates(tree: HtmlElement) -> list[str]:
    """Return the time of change that the markup of the article gives, if it does."""
    return [str(t) for e in tree.xpath(_UPDATED_XPATH) for t in e.xpath("descendant-or-self::time/@datetime")[:1]]


def _url(page: _Page, page_url: str | None) -> tuple[str | None, bool]:
    """Return the canonical URL, and whether the page says that it is a front page."""
    links = [a.get("href") for a in page.tree.iter("link") if "canonical" in (a.get("rel") or "").lower().split()]
    entity = page.article.get("mainEntityOfPage")
    declared = [*links[:1], page.metas.get("og:url"), page.article.get("url"),
                entity.get("@id") if isinstance(entity, dict) else entity]  # fmt: skip
    is_front_page = False
    for value in [*declared, page_url]:
        if not isinstance(value, str) or not value.strip():
            continue
        try:
            url = canonical_url(urljoin(page_url or page.metas.get("og:url", ""), value.strip()))
        except ValueError:
            continue
        if url and has_path(url):
            return url, False
        is_front_page = is_front_page or (bool(url) and not page.article and page.metas.get("og:type") != "article")
    return None, is_front_page


def _authors(page: _Page, site: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return personal names, and the credits as declared (where an agency may be named)."""
    credits_: list[str] = []
    is_desk: list[bool] = []
    declared = page.article.get("author") or page.article.get("creator")
    for item in (one for value in _listed(declared) for one in _one_a_name(value)):
        name = _first_text(item)
        if name:
            credits_.append(name)
            is_desk.append(isinstance(item, dict) and "Organization" in _types(item))
    credits_ = credits_ or _author_metas(page)
    if not credits_:
        credits_ = [flat_text(e)[:120] for e in page.tree.xpath("//*[@rel='author' or @itemprop='author']")[:3]]
    people = [c for n, c in enumerate(credits_) if not (n < len(is_desk) and is_desk[n])]
    names = [n for credit in people for n in split_names(credit) if not _is_site(n, site)]
    return tuple(dict.fromkeys(names)), tuple(dict.fromkeys(credits_))


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _one_a_name(author: object) -> list[object]:
    """Return an author of several names as several authors."""
    if not isinstance(author, dict):
        return [author]
    return [{**author, "name": name} for name in _listed(author.get("name"))]


def _author_metas(page: _Page) -> list[str]:
    """Return the authors of the first meta element that names any; there may be an element for each."""
    lower = f"translate(%s,'{ascii_uppercase}','{ascii_lowercase}')=$name"
    path = f"//meta[{lower % '@name'} or {lower % '@property'}]/@content"
    for name in _AUTHOR_META:
        found = page.tree.xpath(path, name=name)
        authors = [" ".join(str(c).split()) for c in found if c.strip() and "http" not in c]
        if authors:
            return authors
    return []


def _is_site(name: str, site: str | None) -> bool:
    """Whether a name is that of the site or of one of its desks ("Pond Gazette", "Gazette Sport")."""
    words, own = set(name.casefold().split()), set((site or "").casefold().split())
    return words <= own | _DESK_WORDS


def _byline(tree: HtmlElement) -> str | None:
    """Return the printed byline ("By Ann Lee"), if its element can be told."""
    for element in tree.xpath(_BYLINE_XPATH)[:12]:
        text = " ".join(" ".join(map(str, element.itertext())).split()).replace(" ,", ",")
        text = re.sub(r"\s*(?<!\S)@\w+", "", text)
        if 5 <= len(text) <= 140 and read_marked_byline(text) is not None:
            return without_date(text)
        if "byline" in (element.get("class") or "").lower() and len(text) <= 200 and not element.xpath(_ELSEWHERE):
            names = _bare_names(text)
            if names:
                return names
    return None


def _bare_names(line: str) -> str | None:
    """Return the names of a line that is called a byline and begins with them ("Ann Poe | a@b.example Follow")."""
    head = re.split(r"\s*[|•·]\s*|,?\s+\S+@\S+", line, maxsplit=1)[0].strip(" ,")
    names = split_names(head)
    is_all = bool(names) and len(head) <= sum(map(len, names)) + 8 * len(names)
    return head if is_all and not any(ch.isdigit() for ch in head) else None
