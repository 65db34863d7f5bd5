"""News agencies: by which words a text names one.

Covers the table, and looking a credit up in it. For where in a text a credit stands, see `datelines` and
`paragraph_kinds`.
"""

from __future__ import annotations

import re

from pipelines.core.text.places import AP_REGIONS

AGENCIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("AP", ("AP", "Associated Press", "The Associated Press")),
    ("Reuters", ("Reuters", "Reuter", "Thomson Reuters", "Thomson Reuters Foundation")),
    ("AFP", ("AFP", "Agence France-Presse", "Agence France Presse")),
    ("UPI", ("UPI", "United Press International")),
    ("dpa", ("dpa", "Deutsche Presse-Agentur")),
    ("EFE", ("EFE", "Agencia EFE")),
    ("ANSA", ("ANSA",)),
    ("TASS", ("TASS", "ITAR-TASS", "Itar-Tass")),
    ("Interfax", ("Interfax", "Interfax-Ukraine")),
    ("RIA Novosti", ("RIA Novosti", "RIA")),
    ("Xinhua", ("Xinhua", "Xinhua News Agency")),
    ("Kyodo", ("Kyodo", "Kyodo News")),
    ("Jiji", ("Jiji", "Jiji Press")),
    ("Yonhap", ("Yonhap", "Yonhap News Agency")),
    ("KCNA", ("KCNA",)),
    ("PTI", ("PTI", "Press Trust of India")),
    ("ANI", ("ANI", "Asian News International")),
    ("IANS", ("IANS", "Indo-Asian News Service")),
    ("UNI", ("United News of India",)),
    ("APP", ("APP", "Associated Press of Pakistan")),
    ("BSS", ("BSS", "Bangladesh Sangbad Sangstha")),
    ("UNB", ("UNB", "United News of Bangladesh")),
    ("Anadolu", ("AA", "Anadolu", "Anadolu Agency", "Anadolu Ajansi")),
    ("IRNA", ("IRNA", "Islamic Republic News Agency")),
    ("Tasnim", ("Tasnim", "Tasnim News Agency")),
    ("SANA", ("SANA", "Syrian Arab News Agency")),
    ("WAFA", ("WAFA",)),
    ("SPA", ("SPA", "Saudi Press Agency")),
    ("WAM", ("WAM", "Emirates News Agency")),
    ("QNA", ("QNA", "Qatar News Agency")),
    ("KUNA", ("KUNA", "Kuwait News Agency")),
    ("MENA", ("MENA", "Middle East News Agency")),
    ("NAN", ("NAN", "News Agency of Nigeria")),
    ("PANA", ("PANA", "Panapress")),
    ("Bernama", ("Bernama", "BERNAMA")),
    ("Antara", ("Antara", "ANTARA")),
    ("VNA", ("VNA", "Vietnam News Agency")),
    ("PA Media", ("PA Media", "Press Association", "PA")),
    ("AAP", ("AAP", "Australian Associated Press")),
    ("The Canadian Press", ("The Canadian Press", "Canadian Press", "CP")),
    ("Ukrinform", ("Ukrinform",)),
    ("BelTA", ("BelTA", "BELTA")),
    ("PAP", ("PAP", "Polska Agencja Prasowa")),
    ("Bloomberg", ("Bloomberg", "Bloomberg News")),
    ("Dow Jones", ("Dow Jones", "Dow Jones Newswires")),
    ("TNS", ("TNS", "Tribune News Service")),
    ("IPS", ("IPS", "Inter Press Service")),
    ("KNA", ("KNA", "Kenya News Agency")),
    ("CNA", ("Catholic News Agency", "Central News Agency")),
)
"""Our name of an agency, and the forms in which it signs."""

_BY_FORM = {form.casefold(): (name, form) for name, forms in AGENCIES for form in forms}
_LONG_FORMS = sorted((f for _, forms in AGENCIES for f in forms if len(f) > 4), key=len, reverse=True)
_LONG = re.compile(r"\b(?:" + "|".join(map(re.escape, _LONG_FORMS)) + r")\b")


def agency_of(credit: str) -> str | None:
    """Return our name of the agency that a short credit ("AP", "Reuters") is, or None.

    Forms of four letters and fewer count only in their own spelling, so that "Pa" is no agency.
    """
    form = credit.strip(" .,()").strip()
    found = _BY_FORM.get(form.casefold())
    if found is None:
        return None
    name, spelling = found
    if len(spelling) <= 4 and form not in (spelling, spelling.upper()):
        return None
    return name


def signed_code(credit: str | None) -> str | None:
    """Return a dateline's credit if it is a code ("NMW"), as an agency signs with that we do not know."""
    code = (credit or "").strip()
    is_place = code.casefold() in AP_REGIONS or code == "USA"
    return code if re.fullmatch(r"[A-Z]{3,6}", code) and not is_place else None


def agency_in(line: str) -> str | None:
    """Return the agency that a byline or credit line names ("By Ann Lee, Associated Press"), or None."""
    for part in re.split(r"[,;/|()]| and ", line):
        name = agency_of(re.sub(r"^(?:by|from|with|avec|mit|con)\s+", "", part.strip(), flags=re.I))
        if name:
            return name
    found = _LONG.search(line)
    return agency_of(found.group()) if found else None


def without_agency(name: str) -> str:
    """Return a name without the agency that stands behind it ("CYRA DUNN Associated Press")."""
    found = _LONG.search(name)
    return name[: found.start()].rstrip() if found and found.start() else name
