"""Item E: the scalar graph of a network to SVG, beside what others draw of it. Imports measure, peers and report.

Every drawing is made in a process of its own, which can be ended when it takes too long, and timed on the wall, from
the finished graph to the text of the SVG. The peers leave the layout to Graphviz's `dot`; here it is the library that
pathgrad runs as well, so they need no such program and wait for none to start.
"""

from __future__ import annotations

import functools
import importlib.util
import math
import operator
import random
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, TypeAlias

import peers
from measure import progress, settle, wall
from report import Report, times

SHOWN = 29  # the k of the picture, the largest that all still draw
TARGETS = {16: (1000, 0.3), 29: (3000, 1), 55: (10_000, 4)}  # k: the nodes that it has just fewer than, and seconds
SMALLEST, LARGEST, INPUTS = 3, max(TARGETS), (0.3, -0.6)
LIMIT, SLOW = 90, 10  # seconds: what takes longer is ended, or takes part in one round only
Count: TypeAlias = tuple[int, int]  # boxes and arrows
Draws: TypeAlias = Callable[[], Any]  # from the finished graph to SVG


@dataclass(frozen=True)
class Drawn:
    """What one drawing took and what it shows; how it ended, if not with a picture."""

    seconds: float = math.inf
    boxes: int = 0
    arrows: int = 0
    ended: str = ""


def run(report: Report, rounds: int) -> None:
    """From small to large; a peer that does not finish one size is not asked for a larger one."""
    report.item("E", "The scalar graph of MLP(2, [k, k, 1]) to SVG, from the finished graph")
    absent = {name: [p for p in needs if not importlib.util.find_spec(p)] for name, needs in NEEDS.items()}
    scalar, whole = ([name for name in ways if not absent[name]] for ways in (SCALAR, WHOLE))
    measured: dict[str, dict[str, list[Drawn]]] = {}
    rows = []
    for k in (SMALLEST, *TARGETS):
        measured[f"k = {k}"] = found = in_turn(k, rounds, scalar)
        mine = median(found["pathgrad"])
        rows += [row(f"k = {k}: {name}", drawn, mine) for name, drawn in found.items()]
        scalar = [name for name in scalar if not found[name][-1].ended]
        if k in TARGETS:
            nodes, bound = TARGETS[k]
            report.at_most(f"E: {nodes:,} drawn nodes to SVG: {bound} s", bound, mine, "s")
    modules = in_turn(LARGEST, rounds, whole)
    rows += [row(f"k = {LARGEST}: {name}", drawn, None) for name, drawn in modules.items()]
    rows += [[name, f"no {' and no '.join(missing)}", "", "", "", ""] for name, missing in absent.items() if missing]
    report.table(["E, a box for each …", "boxes", "arrows", "seconds", "ms a box", "to pathgrad"], rows)
    report.note("pathgrad draws each value; micrograd also each operation, torchviz also where gradients are stored.")
    report.note("Of the same network as an nn.Module, torchviz and torchview draw arrays: a few boxes for any k.")
    shown = {name: drawn[-1].ended or median(drawn) for name, drawn in measured[f"k = {SHOWN}"].items()}
    report.bars("E", f"Drawing a graph of {TARGETS[SHOWN][0]:,} nodes", shown, "pathgrad")
    measured[f"k = {LARGEST}"] |= modules
    report.figures["E, seconds"] = {
        k: {name: [d.seconds for d in drawn if not d.ended] for name, drawn in found.items()}
        for k, found in measured.items()
    }


def in_turn(k: int, rounds: int, names: Sequence[str]) -> dict[str, list[Drawn]]:
    """Every way of drawing once in each round, the slow ones in the first only."""
    found: dict[str, list[Drawn]] = {name: [] for name in names}
    for turn in range(1, rounds + 1):
        for name, drawn in found.items():
            if not drawn or drawn[-1].seconds < SLOW:
                progress(f"E: k = {k}, round {turn} of {rounds}, {name} …")
                drawn.append(apart(name, k))
    progress("")
    return found


def median(drawn: Sequence[Drawn]) -> float:
    """The median of the seconds, infinite if there is no picture."""
    return statistics.median(d.seconds for d in drawn)


def row(label: str, drawn: Sequence[Drawn], mine: float | None) -> list[str]:
    """What was drawn, what it took, and that beside ours where both show the same."""
    last, seconds = drawn[-1], median(drawn)
    if last.ended:
        return [label, "", "", last.ended, "", "" if mine is None else f"over {times(LIMIT / mine)}"]
    per = seconds / last.boxes * 1e3
    return [
        label,
        f"{last.boxes:,}",
        f"{last.arrows:,}",
        f"{seconds:.3f}",
        f"{per:.2f}",
        times(None if mine is None else seconds / mine),
    ]


def apart(name: str, k: int) -> Drawn:
    """One drawing in a fresh process, which is ended at the limit."""
    context = get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=one, args=(sender, name, k))
    process.start()
    sender.close()
    try:
        return Drawn(*receiver.recv()) if receiver.poll(LIMIT) else Drawn(ended=f"over {LIMIT} s")
    except EOFError:
        return Drawn(ended="did not survive")
    finally:
        process.kill()
        process.join()


def one(sender: Connection, name: str, k: int) -> None:
    """The seconds of one drawing and what it shows, after a small one to warm up."""
    way = {**SCALAR, **WHOLE}[name]
    way(SMALLEST)()
    draws = way(k)
    settle()
    start = wall()
    drawn = draws()
    sender.send((wall() - start, *count(drawn)))


def count(drawn: Any) -> Count:
    """The boxes and arrows of a Drawing, or of Graphviz's SVG."""
    if isinstance(drawn, bytes):
        return drawn.count(b'class="node"'), drawn.count(b'class="edge"')
    return len(drawn.picture.boxes), len(drawn.picture.arrows)


def pathgrad(k: int) -> Draws:
    """`viz.draw`, with all its decisions, layout and rendering."""
    from nn import MLP
    from viz import Drawing, draw

    y = MLP(len(INPUTS), [k, k, 1], activation="relu", output="linear", fused=False)(INPUTS)
    y.backward()

    def draws() -> Drawing:
        drawing = draw(y)
        assert drawing.svg
        return drawing

    return draws


def micrograd(k: int) -> Draws:
    """What `draw_dot` in micrograd's notebook does; its wheel does not bring that function."""
    y = network(peers.present("micrograd"), k)
    y.backward()
    return lambda: rendered(records(y))


def torchviz(k: int) -> Draws:
    """`make_dot` of the network made of 0-dimensional tensors, each operation one of a scalar."""
    make_dot, y = peers.optional("torchviz").make_dot, network(peers.present("torch"), k)
    return lambda: rendered(make_dot(y).source)


def torchviz_module(k: int) -> Draws:
    """`make_dot` of what the network returns as an nn.Module."""
    make_dot, torch = peers.optional("torchviz").make_dot, peers.optional("torch")
    y = module(k)(torch.tensor([INPUTS]))
    return lambda: rendered(make_dot(y).source)


def torchview_module(k: int) -> Draws:
    """`draw_graph` of the network as an nn.Module."""
    draw_graph, net = peers.optional("torchview").draw_graph, module(k)
    return lambda: rendered(draw_graph(net, input_size=(1, len(INPUTS)), device="cpu").visual_graph.source)


SCALAR = {"pathgrad": pathgrad, "micrograd": micrograd, "torchviz": torchviz}
WHOLE = {"torchviz, nn.Module": torchviz_module, "torchview, nn.Module": torchview_module}
NEEDS = {
    "pathgrad": (),
    "micrograd": ("micrograd", "pygraphviz"),
    "torchviz": ("torch", "torchviz", "pygraphviz"),
    "torchviz, nn.Module": ("torch", "torchviz", "pygraphviz"),
    "torchview, nn.Module": ("torch", "torchview", "pygraphviz"),
}


def network(engine: peers.Engine, k: int) -> Any:
    """The output of MLP(2, [k, k, 1]) spelled out in scalars of that engine: 3k² + 13k + 3 of them."""
    chance, reads = random.Random(0), [engine.scalar(x) for x in INPUTS]
    for width in (k, k, 1):
        rows = [[engine.scalar(chance.uniform(-1, 1)) for _ in reads] for _ in range(width)]
        sums = [functools.reduce(operator.add, map(operator.mul, row, reads), engine.scalar(0.0)) for row in rows]
        reads = [engine.bend(a) for a in sums] if width > 1 else sums
    return reads[0]


def module(k: int) -> Any:
    """The same network as torch's users write it."""
    nn = peers.optional("torch.nn")
    return nn.Sequential(nn.Linear(len(INPUTS), k), nn.ReLU(), nn.Linear(k, k), nn.ReLU(), nn.Linear(k, 1))


def records(root: Any) -> str:
    """DOT in micrograd's manner: a record of value and gradient for each node, an ellipse for each operation."""
    from graphviz import Digraph

    dot, found, todo = Digraph(graph_attr={"rankdir": "LR"}), {root}, [root]
    while todo:
        node = todo.pop()
        box = str(id(node))
        dot.node(box, f"{{ data {node.data:.4f} | grad {node.grad:.4f} }}", shape="record")
        if node._op:
            dot.node(box + node._op, node._op)
            dot.edge(box + node._op, box)
        for parent in node._prev:
            dot.edge(str(id(parent)), box + node._op)
        todo += node._prev - found
        found |= node._prev
    return str(dot.source)


def rendered(dot: str) -> bytes:
    """Graphviz's SVG of a graph in DOT.

    What pygraphviz's `draw` does, but for freeing the layout at its end: with text in the boxes version 2.0.4 now and
    then crashes there. The process ends soon anyway.
    """
    from pygraphviz import AGraph
    from pygraphviz import graphviz as library

    graph, context = AGraph(string=dot), library.gvContextWithBuiltins()
    library.gvLayout(context, graph.handle, b"dot")
    _, svg = library.gvRenderData(context, graph.handle, b"svg")
    assert isinstance(svg, bytes)
    return svg
