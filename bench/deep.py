"""Item C: a chain as long as it gets, and what memory it takes. Imports measure, peers and report.

Each figure comes from a fresh process: some engines do not survive a deep graph.
"""

from __future__ import annotations

from typing import Any

import peers
from measure import DiedError, Times, alone, progress
from report import ON_OFF, Report, variant

LINKS, PEER_LINKS, COUNTED_LINKS, STEPS = 1_000_000, 100_000, 100_000, 100


def run(report: Report, rounds: int) -> None:
    """Time, bytes held, and bytes kept."""
    report.item("C", "A chain: x = x*1.0001 + 0.0001, two operations a link, at the default recursion limit")
    long = {on: chains("pathgrad", LINKS, on, rounds) for on in (True, False)}
    rows = [row(f"pathgrad, collector {ON_OFF[on]}", LINKS, t) for on, t in long.items()]
    shown: dict[str, float | str] = {variant("pathgrad", on): t.median() / LINKS for on, t in long.items()}
    for name, engine in peers.installed().items():
        if engine is None:
            rows.append([name, "not installed", "", "", "", ""])
        elif isinstance(came := survived(name), Times):
            rows.append(row(name, PEER_LINKS, came))
            shown[name] = came.median() / PEER_LINKS
        else:
            rows.append([name, came, "", "", "", ""])
            shown[name] = came
    report.table(["C, seconds", "links", "forward", "backward", "deletion", "all"], rows)
    report.figures["C, seconds"] = {f"pathgrad, collector {ON_OFF[on]}": t.rounds for on, t in long.items()}
    report.bars("C", "A long chain: each link forward, back and deleted", shown, "pathgrad")
    report.at_most("C: a million links and back, and deleted: 5 s", 5, long[True].median(), "s")
    memory(report)


def chains(name: str, links: int, on: bool, rounds: int) -> Times:
    """The phases of this chain, each round in a process of its own."""
    measured = []
    for turn in range(1, rounds + 1):
        progress(f"C: {name}, {links:,} links, collector {ON_OFF[on]}, round {turn} of {rounds} …")
        measured.append(tuple(alone("chain", name, links, ON_OFF[on])))
    progress("")
    return Times(measured)


def row(label: str, links: int, t: Times) -> list[str]:
    """The medians of the phases, and of their sum."""
    return [label, f"{links:,}", *(f"{t.median(phase):.2f}" for phase in (0, 1, 2)), f"{t.median():.2f}"]


def survived(name: str) -> Times | str:
    """A peer's phases at the length that it may or may not survive; how it ended, if it did not."""
    if peers.micrograd(name) is not None:
        progress(f"C: how deep {name} goes …")
        return f"RecursionError beyond {alone('deepest', name, PEER_LINKS):,}"
    try:
        return chains(name, PEER_LINKS, True, 1)
    except DiedError as died:
        return f"at {PEER_LINKS:,}: {died}"[:40]


def memory(report: Report) -> None:
    """Bytes per operation of the chain, plain and with names and scopes; bytes that training leaves behind."""
    held: dict[str, Any] = {}
    for kind in ("plain", "named"):
        progress(f"C: counting bytes, {kind} …")
        held[kind] = alone("held", kind, COUNTED_LINKS)
    progress(f"C: counting the bytes that {STEPS} steps leave behind …")
    kept, cycles = alone("kept", STEPS)
    progress("")
    words = {"plain": "as it is", "named": "each node named and in a scope"}
    rows = [[words[kind], *(f"{figure:.0f}" for figure in figures)] for kind, figures in held.items()]
    report.table(["C, bytes per operation, constants included", "after forward", "after backward"], rows)
    report.note(
        f"{STEPS} binary steps of item A with the collector off keep {kept} bytes; objects in cycles: {cycles}."
    )
    report.figures["C, bytes per operation"] = held
    report.figures["C, kept"] = {"steps": STEPS, "bytes": kept, "objects in cycles": cycles}
    report.at_most("C: 260 bytes per operation, named and in a scope", 260, max(held["named"]), "bytes")
    report.at_most(f"A binary: no byte kept over {STEPS} steps", 0, max(kept, cycles), "bytes")
