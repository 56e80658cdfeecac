"""Story -> one HTML page that needs no network and no script. Imports story and svg; MathML by latex2mathml."""

from __future__ import annotations

import re
from base64 import b64encode
from html import escape

from latex2mathml.converter import convert

from ..picture import Picture
from ..story import Plot, Rule, Section, Story, Table
from ..theme import LIGHT
from ..typeset import SUBSCRIPTS
from .svg import svg_text

STYLE = f"""
:root {{ color-scheme: light; }}
body {{ margin: 0 auto; padding: 2rem 1.5rem 4rem; max-width: 62rem; color: {LIGHT.ink}; background: {LIGHT.paper};
       font: 17px/1.55 {LIGHT.font}; }}
h1 {{ font-size: 1.7rem; line-height: 1.2; }}
h2 {{ font-size: 1.25rem; margin: 2.6rem 0 .5rem; }}
.table {{ overflow-x: auto; }}
table {{ border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }}
th {{ text-align: left; font-weight: 600; color: {LIGHT.quiet}; border-bottom: 1.5px solid {LIGHT.ink}; }}
th, td {{ padding: .2rem 1.4rem .2rem 0; }}
td {{ border-bottom: 1px solid {LIGHT.hairline}; }}
.r {{ text-align: right; }}
figure {{ margin: 1.2rem 0; overflow-x: auto; }}
figure svg, figure img {{ max-width: 100%; height: auto; }}
figure.wide svg {{ max-width: none; width: 115rem; }}
.rules {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: 1rem 2rem; padding: 0; }}
.rules li {{ list-style: none; }}
.rules math {{ margin: .5rem 0; width: max-content; }}
sub {{ line-height: 0; font-size: .75em; }}
"""


def page(story: Story) -> str:
    """The lesson as a page: sections in order, pictures as SVG within it, rules as MathML."""
    sections = "\n".join(_section(place, section) for place, section in enumerate(story.sections, 1))
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(story.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{escape(story.title)}</h1>\n<p>{_typeset(story.intro)}</p>\n"
        f"{_figure(story.picture) if story.picture else ''}\n{sections}\n</body>\n</html>\n"
    )


def _section(place: int, section: Section) -> str:
    parts = [f'<section id="s{place}">', f"<h2>{place}. {_typeset(section.title)}</h2>"]
    if section.intro:
        parts.append(f"<p>{_typeset(section.intro)}</p>")
    if section.picture:
        parts.append(_figure(section.picture))
    if section.table:
        parts.append(_table(section.table))
    if section.rules:
        parts.append(f'<p>{_typeset(section.rules_said)}</p>\n<ul class="rules">{_rules(section.rules)}</ul>')
    parts += map(_plot, section.plots)
    if section.closing:
        parts.append(f"<p>{_typeset(section.closing)}</p>")
    return "\n".join([*parts, "</section>"])


def _typeset(text: str) -> str:
    """Escaped text in which subscripts are true subscripts, larger and selectable as digits."""
    below = re.compile(f"[{SUBSCRIPTS}]+(,[{SUBSCRIPTS}]+)*")
    digits = str.maketrans(SUBSCRIPTS, "0123456789")
    return below.sub(lambda found: f"<sub>{found.group().translate(digits)}</sub>", escape(text))


def _rules(rules: tuple[Rule, ...]) -> str:
    """One item a primitive; its equations are MathML, which browsers draw by themselves."""
    typeset = [(rule.name, "".join(convert(latex, display="block") for latex in rule.equations)) for rule in rules]
    return "\n".join(f"<li><b>{escape(name)}</b>{equations}</li>" for name, equations in typeset)


def _figure(picture: Picture) -> str:
    """The picture within the column, or, if it would get too small to read there, in a strip to scroll."""
    svg = svg_text(picture, LIGHT)
    wide = ' class="wide" tabindex="0"' if len(picture.boxes) > 30 else ""
    return f"<figure{wide}>{svg}</figure>"


def _plot(plot: Plot) -> str:
    """As an image of its own, so that the names within several of them do not meet."""
    content = b64encode(plot.svg.encode()).decode()
    return f'<figure><img alt="{escape(plot.shows)}" src="data:image/svg+xml;base64,{content}"></figure>'


def _table(table: Table) -> str:
    def row(tag: str, cells: tuple[str, ...]) -> str:
        written = zip(cells, table.align, strict=True)
        return "<tr>" + "".join(f'<{tag} class="{side}">{_typeset(cell)}</{tag}>' for cell, side in written) + "</tr>"

    body = "\n".join(row("td", cells) for cells in table.rows)
    head = row("th", table.header)
    return f'<div class="table"><table>\n<thead>{head}</thead>\n<tbody>\n{body}\n</tbody>\n</table></div>'
