"""How the page of a program looks, and how entries are chosen on it: a style and a script. Imports theme.

The script computes nothing: what an entry is made of stands in the page, and it shows what was chosen. Without it all
entries are shown, below each other.
"""

from __future__ import annotations

from ..theme import DARK, LIGHT, Theme


def _colours(theme: Theme) -> str:
    names = ("paper", "ink", "quiet", "hairline", "value", "gradient", "box_fill", "target_fill")
    return " ".join(f"--{name.replace('_', '-')}: {getattr(theme, name)};" for name in names)


STYLE = f"""
:root {{ color-scheme: light; {_colours(LIGHT)} }}
@media screen and (prefers-color-scheme: dark) {{ :root {{ color-scheme: dark; {_colours(DARK)} }} }}
body {{ margin: 0 auto; padding: .5rem 1.2rem 1rem; max-width: 100rem; color: var(--ink); background: var(--paper);
       font: 16px/1.4 {LIGHT.font}; }}
h1 {{ font-size: 1.45rem; line-height: 1.2; margin: 0; }}
header {{ display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 1.5rem; margin-bottom: .3rem; }}
header p {{ margin: 0; color: var(--quiet); }}
h2, h3 {{ font-size: 1rem; margin: 0; }}
code {{ font: 15px/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }}
a {{ color: inherit; text-decoration: none; }}
:focus-visible {{ outline: 3px solid var(--value); outline-offset: 1px; }}
sub, sup {{ line-height: 0; font-size: 14px; }}
sub {{ vertical-align: -.3em; }}
sup {{ vertical-align: .4em; }}
.scripts {{ display: inline-flex; flex-direction: column; vertical-align: middle; text-align: left; }}
.scripts * {{ line-height: 13px; }}
.page {{ display: grid; grid-template-columns: 20.5rem minmax(0, 1fr); gap: 1.2rem; align-items: start; }}
nav {{ position: sticky; top: 0; max-height: calc(100vh - 4.5rem); overflow-y: auto; }}
nav h2 {{ color: var(--quiet); font-weight: 600; }}
nav div {{ display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 .6rem; margin-top: .3rem; }}
nav ol {{ list-style: none; margin: 0; padding: 0; }}
nav li {{ overflow-x: auto; }}
nav a, nav .mean {{ display: block; padding: 0 .5rem; border-left: 5px solid transparent; }}
nav a:hover {{ background: var(--box-fill); }}
nav a[aria-current] {{ background: var(--box-fill); border-left-color: var(--ink); font-weight: 700; }}
nav math {{ font-size: 17px; }}
nav math :is(msub, msup, msubsup, munder) > :not(:first-child), nav mfrac > * {{ font-size: 14px; }}
nav p {{ margin: 0; color: var(--quiet); }}
nav p math {{ font-size: 15px; margin-right: .8rem; }}
nav .given {{ display: flex; flex-wrap: wrap; }}
nav .given a {{ padding: 0 .3rem; }}
section {{ margin-bottom: 2rem; }}
section > h2 {{ font-size: 1.2rem; margin-bottom: .5rem; }}
.live section {{ margin: 0; }}
.live section > h2 {{ display: none; }}
.way {{ border: 1px solid var(--hairline); border-radius: 6px; padding: .4rem .9rem .5rem; margin-bottom: .5rem; }}
.way h3 {{ font-weight: 400; }}
.way h3 b {{ margin-right: .8rem; }}
.grids {{ display: flex; flex-wrap: wrap; align-items: flex-start; gap: .3rem .9rem; margin: .2rem 0; }}
.reads {{ display: contents; }}
.gives {{ max-width: 100%; }}
figure {{ margin: 0; overflow-x: auto; max-width: 100%; }}
figcaption {{ width: 0; min-width: 100%; box-sizing: border-box; padding-left: 2rem; font-size: 14px; line-height: 1.2;
             color: var(--quiet); }}
figure table {{ border-collapse: separate; border-spacing: 4px 2px; font-variant-numeric: tabular-nums; }}
figure .name {{ font-weight: 700; text-align: left; padding: 0 .6rem .1rem 0; }}
figure th {{ font-weight: 400; font-size: 14px; color: var(--quiet); min-width: 1rem; }}
figure td {{ padding: 0; text-align: center; }}
.bracket {{ width: 7px; border: 2px solid var(--ink); }}
.open {{ border-right: 0; }}
.close {{ border-left: 0; }}
.cell {{ display: block; position: relative; box-sizing: border-box; width: 100%; min-width: 3.2rem; margin: 0;
        padding: 1px 6px; font: inherit; line-height: 1.2; color: inherit; background: none;
        border: 2px solid transparent; border-radius: 4px; }}
button.cell {{ cursor: pointer; }}
.value {{ display: block; font-size: 15px; color: var(--value); white-space: nowrap; }}
.slope .value {{ color: var(--gradient); }}
.gives .cell {{ border-color: var(--hairline); }}
.gives .cell[aria-pressed=true] {{ border-color: var(--ink); border-width: 3px; padding: 0 5px;
                                  background: var(--target-fill); font-weight: 700; }}
.cell[data-read] {{ border: 2px dashed var(--ink); background: var(--box-fill); font-weight: 700; }}
.cell[data-read]:not([data-read=""])::before {{
  content: attr(data-read); position: absolute; top: -8px; left: -12px; min-width: 18px; line-height: 18px;
  font-size: 14px; border-radius: 9px; color: var(--paper); background: var(--ink); }}
.lines {{ border-collapse: collapse; margin: 0; }}
.lines th {{ font-weight: 400; font-size: 14px; color: var(--quiet); text-align: left; padding-right: .8rem;
            white-space: nowrap; }}
.lines td {{ padding: 0 .5rem 0 0; vertical-align: baseline; }}
.lines td:nth-child(2) {{ text-align: right; white-space: nowrap; }}
.term {{ white-space: nowrap; }}
.entry {{ overflow-x: auto; }}
.says {{ margin: .2rem 0 0; }}
.live section:not(.chosen), .live .way:not(.chosen) .grids {{ display: none; }}
.live .way.chosen {{ border: 2px solid var(--ink); padding: calc(.4rem - 1px) calc(.9rem - 1px) calc(.5rem - 1px); }}
@media (max-width: 60rem) {{ .page {{ display: block; }} nav {{ position: static; max-height: none; }} }}
@page {{ margin: 14mm; }}
@media print {{
  body {{ padding: 0; print-color-adjust: exact; }}
  .page {{ display: block; }}
  nav {{ position: static; max-height: none; margin-bottom: 1rem; columns: 2; }}
  .way, nav li {{ break-inside: avoid; }}
  .live .way:not(.chosen) .grids {{ display: flex; }}
}}
"""

SCRIPT = """
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const entries = new Map(all(".entry").map(entry => [entry.dataset.entry, entry]));

  function choose(entry) {
    const way = entry.closest(".way"), section = way.closest("section");
    for (const each of all("section, .way")) each.classList.toggle("chosen", each === way || each === section);
    for (const link of all("nav a")) {
      link.removeAttribute("aria-current");
      if (link.hash !== "#" + way.id) continue;
      link.setAttribute("aria-current", "true");
      const list = link.closest("nav"), top = link.offsetTop - list.scrollTop;
      if (top < 0 || top + link.offsetHeight > list.clientHeight) {
        list.scrollTop = link.offsetTop - list.clientHeight / 2;
      }
    }
    for (const each of all(".entry", section)) {
      each.hidden = each.dataset.at !== entry.dataset.at;
      if (!each.hidden) mark(each);
    }
    if (way.getBoundingClientRect().top < 0) way.scrollIntoView();
  }

  function mark(entry) {
    const way = entry.closest(".way"), reads = JSON.parse(entry.dataset.reads);
    for (const cell of all(".gives .cell", way)) {
      const chosen = cell.dataset.cell === entry.dataset.entry;
      cell.setAttribute("aria-pressed", chosen);
      cell.tabIndex = chosen ? 0 : -1;
    }
    for (const cell of all(".reads .cell", way)) {
      const order = reads[cell.dataset.cell];
      if (order === undefined) delete cell.dataset.read; else cell.dataset.read = order;
      cell.tabIndex = order === undefined ? -1 : 0;
    }
  }

  document.addEventListener("click", event => {
    const link = event.target.closest("a"), cell = event.target.closest(".cell");
    if (link) {
      event.preventDefault();
      choose(document.getElementById(link.hash.slice(1)).querySelector(".entry:not([hidden])"));
    } else if (cell && entries.has(cell.dataset.cell)) {
      choose(entries.get(cell.dataset.cell));
      document.querySelector(".way.chosen .gives [aria-pressed=true]").focus();
    }
  });

  const STEPS = {ArrowUp: ["column", -1], ArrowDown: ["column", 1], ArrowLeft: ["row", -1], ArrowRight: ["row", 1]};
  document.addEventListener("keydown", event => {
    const [line, step] = STEPS[event.key] ?? [], here = event.target, grid = here.closest(".gives");
    let row = [];
    if (line && grid) row = all(".cell", grid).filter(cell => cell.dataset[line] === here.dataset[line]);
    if (line === "column" && here.closest("nav")) row = all("nav a");
    const next = row[row.indexOf(here) + step];
    if (!next) return;
    event.preventDefault();
    next.click();
    next.focus();
  });

  document.documentElement.classList.add("live");
  choose(entries.get(document.querySelector("main").dataset.first));
})();
"""
