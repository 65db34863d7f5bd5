"""Plots as SVG text that stands in the page: no script, nothing to load, words and links that a keyboard reaches.

Covers Vega-Lite charts by altair, drawn by vl-convert in this process. For counting, see queries/; for colours of dark
mode, see static/explore.css.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from markupsafe import Markup

Row = dict[str, Any]

# Okabe and Ito's colours, which people with any kind of colour vision tell apart; the last one is for the rest.
PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
REST = "#8a8f98"
OTHERS = "other outlets"
_FONT = "system-ui, sans-serif"
_DAY = 86_400_000  # milliseconds
_HERE = "https://here.invalid"  # Vega makes addresses whole with one of its own; ours are made short again


def timeline(rows: Sequence[Row], what: str, width: int = 760) -> Markup:
    """Draw counts over time (rows: day, outlet, n), stacked by outlet; days become months or years if there are many.

    Args:
        rows: Counts of a day and an outlet.
        what: What is counted, in the plural.
        width: Of the plot at most, in pixels.
    """
    if not rows:
        return Markup("")
    import altair as alt

    units, name = _units([row["day"] for row in rows])
    rows = _merged(rows, name, what)
    chart = (
        alt.Chart(_data(rows))
        .mark_bar()
        .encode(
            x=alt.X(
                "unit:O", title=None, sort=units,
                scale=alt.Scale(domain=units, paddingInner=0.12, paddingOuter=0.1),
                axis=alt.Axis(labelAngle=0, labelOverlap="greedy", labelSeparation=8, ticks=False),
            ),
            y=alt.Y("n:Q", title=what, axis=alt.Axis(tickMinStep=1, tickCount=4, domain=False, ticks=False)),
            color=_outlet_colour(rows),
            order=alt.Order("outlet:N"),
            description=alt.Description("what:N"),
        )
        .properties(width=max(220, min(width, 64 * len(units))), height=170)
    )  # fmt: skip
    return _svg(chart)


def spread(rows: Sequence[Row], width: int = 760) -> Markup:
    """Draw when which outlet printed a wording (rows: day, outlet, n, speaker), each spot as large as its uses."""
    rows = [row for row in rows if row["day"] is not None]
    if not rows:
        return Markup("")
    import altair as alt

    days = [row["day"] for row in rows]
    most = max(5, *(row["n"] for row in rows))
    margin = max((max(days) - min(days)) / 12, timedelta(days=1))
    chart = (
        alt.Chart(_data(rows))
        .mark_circle(opacity=0.85, stroke="white")
        .encode(
            x=alt.X(
                "day:T", title=None,
                axis=alt.Axis(
                    format="%-d %b %Y", tickMinStep=_DAY, tickCount=6, labelOverlap="greedy", labelSeparation=8
                ),
                scale=alt.Scale(domain=[_vega_day(min(days) - margin), _vega_day(max(days) + margin)]),
            ),
            y=alt.Y("outlet:N", title=None, axis=alt.Axis(labelLimit=220, grid=True)),
            size=alt.Size("n:Q", legend=None, scale=alt.Scale(domain=[1, most], range=[140, 700])),
            color=alt.Color(
                "speaker:N", title="attributed to",
                scale=alt.Scale(domain=sorted({row["speaker"] for row in rows}), range=[*PALETTE, REST]),
                legend=alt.Legend(orient="bottom", labelLimit=260, columns=3),
            ),
            description=alt.Description("what:N"),
        )
        .properties(width=width - 160, height=alt.Step(34))
    )  # fmt: skip
    return _svg(chart)


def bars(rows: Sequence[Row], width: int = 420) -> Markup:
    """Draw lengths beside names (rows: name, n, href, what), in the order given; each bar leads to its page."""
    if not rows:
        return Markup("")
    import altair as alt

    data = _data([{**row, "place": place} for place, row in enumerate(rows)])
    order = alt.EncodingSortField("place", order="ascending")
    base = alt.Chart(data).encode(
        y=alt.Y("name:N", sort=order, title=None, axis=alt.Axis(labelLimit=170, ticks=False, domain=False)),
        x=alt.X("n:Q", title=None, axis=None),
        href="href:N",
        description=alt.Description("what:N"),
    )
    chart = base.mark_bar(color=PALETTE[0], height={"band": 0.72}) + base.mark_text(align="left", dx=5).encode(
        text="n:Q", href=alt.Href()
    )
    return _svg(chart.properties(width=width - 170, height=alt.Step(24)))


def matrix(rows: Sequence[Row], width: int = 1100) -> Markup:
    """Draw how often who is quoted where (rows: outlet, speaker, n, href, what), darker for more."""
    if not rows:
        return Markup("")
    import altair as alt

    highest = max(row["n"] for row in rows)
    names = [row["speaker"] for row in rows]
    order = sorted(set(names), key=lambda name: (-sum(r["n"] for r in rows if r["speaker"] == name), name))
    base = alt.Chart(_data(rows)).encode(
        x=alt.X(
            "outlet:N", title=None, axis=alt.Axis(orient="top", labelAngle=0, labelLimit=150, ticks=False, domain=False)
        ),
        y=alt.Y("speaker:N", title=None, sort=order, axis=alt.Axis(labelLimit=190, ticks=False, domain=False)),
        href="href:N",
        description=alt.Description("what:N"),
    )
    shade = alt.Scale(domain=[0, highest], range=["#e3eef6", "#00588a"])
    cells = base.mark_rect(cornerRadius=2, stroke="white").encode(color=alt.Color("n:Q", scale=shade, legend=None))
    light = alt.condition(alt.datum.n > highest * 0.55, alt.value("white"), alt.value("#14212b"))
    words = base.mark_text(fontWeight=600).encode(text="n:Q", color=light, href=alt.Href())
    columns = len({row["outlet"] for row in rows})
    return _svg((cells + words).properties(width=min(width - 200, columns * 170), height=alt.Step(26)))


def _units(days: Sequence[date]) -> tuple[list[str], Callable[[date], str]]:
    """Return the names of all days, months or years from the first to the last, and what a day is named among them."""
    first, last = min(days), max(days)
    if (last - first).days <= 62:
        every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        several = first.year != last.year
        name = lambda d: f"{d.day} {d:%b}{f' {d.year}' if several else ''}"  # noqa: E731
    elif last.year - first.year <= 5:
        every = [date(n // 12, n % 12 + 1, 1) for n in range(_month(first), _month(last) + 1)]
        name = lambda d: f"{d:%b} {d.year}"  # noqa: E731
    else:
        every = [date(year, 1, 1) for year in range(first.year, last.year + 1)]
        name = lambda d: str(d.year)  # noqa: E731
    return [name(d) for d in every], name


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _merged(rows: Sequence[Row], name: Callable[[date], str], what: str) -> list[Row]:
    """Return a row a unit of time and outlet, the smaller outlets as one, with words for those who cannot see."""
    totals: dict[str, int] = {}
    for row in rows:
        totals[row["outlet"]] = totals.get(row["outlet"], 0) + row["n"]
    ranked = sorted(totals, key=lambda outlet: (-totals[outlet], outlet))
    kept = set(ranked if len(ranked) <= len(PALETTE) else ranked[: len(PALETTE)])
    counts: dict[tuple[str, str], int] = {}
    for row in rows:
        key = name(row["day"]), row["outlet"] if row["outlet"] in kept else OTHERS
        counts[key] = counts.get(key, 0) + row["n"]
    return [
        {"unit": unit, "outlet": outlet, "n": n, "what": f"{unit}, {outlet}: {n} {what}"}
        for (unit, outlet), n in counts.items()
    ]


def _outlet_colour(rows: Sequence[Row]) -> Any:  # noqa: ANN401  altair's own
    import altair as alt

    names = sorted({row["outlet"] for row in rows} - {OTHERS})
    others = [OTHERS] if any(row["outlet"] == OTHERS for row in rows) else []
    scale = alt.Scale(domain=[*names, *others], range=[*PALETTE[: len(names)], *([REST] if others else [])])
    legend = alt.Legend(orient="bottom", labelLimit=220, columns=4)
    return alt.Color("outlet:N", title=None, scale=scale, legend=legend)


def _vega_day(day: date) -> dict[str, int]:
    return {"year": day.year, "month": day.month, "date": day.day}


def _data(rows: Sequence[Row]) -> Any:  # noqa: ANN401  altair's own
    import altair as alt

    return alt.Data(values=[{name: _value(name, value) for name, value in row.items()} for row in rows])


def _value(name: str, value: object) -> object:
    if isinstance(value, date):
        return f"{value.isoformat()}T00:00:00"  # to Vega a day without a time is of another time zone
    return f"{_HERE}{value}" if name == "href" else value


def _svg(chart: Any) -> Markup:  # noqa: ANN401  altair's own
    chart = (
        chart.configure(background="transparent", font=_FONT, padding=4)
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=12, titleFontSize=12, titleFontWeight="normal", domainColor="#c9ced6")
        .configure_legend(labelFontSize=12, titleFontSize=12, titleFontWeight="normal", symbolType="square")
    )
    return _drawn(chart.to_json(indent=None))


@lru_cache(maxsize=64)
def _drawn(spec: str) -> Markup:
    """Return Vega's SVG, which fits the width of its place; the text of news is escaped by Vega."""
    import vl_convert

    svg = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    width = re.search(r'\bwidth="(\d+)', svg)
    kind = "marks wide" if width and int(width[1]) > 500 else "marks"  # wide ones are scrolled where there is no room
    svg = svg.replace(f'"{_HERE}/', '"/')
    return Markup(svg.replace('class="marks"', f'class="{kind}" role="group"', 1))
