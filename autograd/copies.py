"""The examples of a batch, found in a scalar graph: terms of a sum that are alike.

Imports alike, graph, plain and regions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Generic, NamedTuple

from .alike import Part, alike, alone, grouped
from .graph import N, Node
from .plain import brief
from .regions import Regions

ADDITIONS = ("add", "sum")
PATIENCE = 4  # how often each node may be looked at in search of terms that belong together


class Varying(NamedTuple, Generic[N]):
    """A plain number that is not the same in all copies: operand `slot` of this node of the first one."""

    node: N
    slot: int
    values: tuple[float, ...]

    def __repr__(self) -> str:
        return f"<{', '.join(map(brief, self.values[:2]))}{', …' if len(self.values) > 2 else ''}>"


class Copies(NamedTuple, Generic[N]):
    """Two or more parts of a sum that are alike; `roots` are the terms of each, in the order in which they are added.

    A part is one term as a rule, and several where these have something to themselves, as the losses of one example's
    outputs do. `nodes` are what the first part is made of and nobody else reads, its roots included, in topological
    order; `shared` are the nodes outside that this is made from, as all copies are. `leaves` has a row for each leaf
    among the nodes, in that order: the leaf in its place in each copy. `numbers` are the plain numbers that vary.
    """

    roots: tuple[tuple[N, ...], ...]
    nodes: tuple[N, ...]
    shared: tuple[N, ...]
    leaves: tuple[tuple[N, ...], ...]
    numbers: tuple[Varying[N], ...]


class Batch(NamedTuple, Generic[N]):
    """A sum over copies: its last addition, the classes of parts that are alike, and the terms in none of them.

    Where the terms were subtracted one after the other, `start` is what they were subtracted from; else it is None.
    """

    top: N
    classes: tuple[Copies[N], ...]
    rest: tuple[N | float, ...]
    start: N | float | None = None


class Batches(NamedTuple, Generic[N]):
    """The sums over copies, and the nodes that are neither in a copy nor an addition within one of these sums.

    Both are in topological order, and what the copies of a sum are made from stands before its top.
    """

    sums: tuple[Batch[N], ...]
    nodes: tuple[N, ...]


def batches_in(loss: N) -> Batches[N] | None:
    """The sums over copies below a loss, or None if there are none.

    A sum is a tree of additions, each but the last read once, by the next; or a row of subtractions. Of sums within one
    another those are taken that save most nodes, of equal ones the outermost. A term that is a leaf or read elsewhere
    too is like no other.

    Inputs are told from weights only by who reads them. So in the graph of one example, spelled out, the neurons of
    the last hidden layer are copies: weights that only one of them reads vary, inputs that all of them read do not.
    There more leaves vary than nodes are shared, which the examples of a batch seldom do.
    """
    regions = Regions(loss)
    gone, sums = set[N](), list[Batch[N]]()
    for top, tree in _worthwhile(regions).items():
        if top not in gone:  # as it would be in a copy
            gone.update(tree.inner, *(part.nodes for copies in tree.classes for part in copies))
            roots = {root for copies in tree.classes for part in copies for root in part.roots}
            rest = tuple(term for term in tree.terms if term not in roots)
            sums.append(Batch(top, tuple(_aligned(regions, copies) for copies in tree.classes), rest, tree.start))
    if not sums:
        return None
    sums.sort(key=lambda batch: regions.order[batch.top])
    return Batches(tuple(sums), tuple(node for node in regions.order if node not in gone))


class _Tree(NamedTuple, Generic[N]):
    """A sum: the additions within it, what it adds up from left to right, and the parts of this that are alike."""

    inner: list[N]
    terms: list[Any]
    classes: list[list[Part[N]]]
    start: Any = None  # what the terms were subtracted from

    @property
    def is_one_class(self) -> bool:
        """Whether there is nothing that is not alike."""
        return sum(map(len, self.classes[:1])) == len(self.terms)


def _aligned(regions: Regions[N], copies: list[Part[N]]) -> Copies[N]:
    order = regions.order
    rows = sorted(zip(*(part.nodes for part in copies), strict=True), key=lambda row: order[row[0]])
    nodes = {row[0]: None for row in rows}
    shared = {parent for node in nodes for parent in node.parents if parent not in nodes}
    numbers = []
    for row in rows:
        for slot, operand in enumerate(row[0].operands):
            if operand not in order:
                values = tuple(node.operands[slot] for node in row)
                if len(set(map(repr, values))) > 1:  # -0.0 is another number than 0.0, and nan the same as nan
                    numbers.append(Varying(row[0], slot, values))
    leaves = tuple(row for row in rows if not row[0].operands)
    roots = tuple(part.roots for part in copies)
    return Copies(roots, tuple(nodes), tuple(sorted(shared, key=order.__getitem__)), leaves, tuple(numbers))


def _worthwhile(regions: Regions[N]) -> dict[N, _Tree[N]]:
    """The sums over copies by their tops, the outermost first, without copies in which others would save more."""
    refused = set[tuple[N, ...]]()
    while True:
        trees, worse = _trees(regions, refused), set[tuple[N, ...]]()
        saved: dict[N, int] = {}
        for top, tree in reversed(trees.items()):
            saved[top] = 0
            for copies in tree.classes:
                here, inside = _saved([copies]), len(copies) * sum(saved.pop(node, 0) for node in copies[0].nodes)
                saved[top] += max(here, inside)
                if here < inside:
                    worse.add(copies[0].roots)
        if not worse:
            return trees
        refused |= worse


def _saved(classes: Iterable[list[Part[N]]]) -> int:
    """How many nodes there are fewer: of each copy but one all, and the additions that join its terms."""
    return sum((len(copies) - 1) * (len(copies[0].nodes) + len(copies[0].roots)) for copies in classes)


def _trees(regions: Regions[N], refused: Collection[tuple[N, ...]]) -> dict[N, _Tree[N]]:
    """The sums over copies by their tops, the outermost first; of copies only the first is looked into.

    Parts that are alike are not taken for copies if the roots of the first are `refused`.
    """
    trees, passed, patience = dict[N, _Tree[N]](), set[N](), PATIENCE * len(regions.laid)
    for top in reversed(regions.laid):
        if top not in passed and (_adds(top) or _subtracts(top)):
            tree = _tree(regions, top, patience > 0)
            patience -= regions.size(top) if len(tree.terms) > 3 else 0
            classes = [copies for copies in tree.classes if copies[0].roots not in refused]
            passed.update(tree.inner, *(part.nodes for copies in classes for part in copies[1:]))
            if classes:
                trees[top] = tree._replace(classes=classes)
    return trees


def _tree(regions: Regions[N], top: N, patiently: bool) -> _Tree[N]:
    """The sum that ends with this node, with the parts that save most nodes if they are taken for copies.

    A part is a term, or an addition whose terms share something, such as the loss of an example with several outputs;
    or, where there is no such addition, because all was added to one running sum, several terms.
    """
    inner, terms, start = _row(regions, top) if _subtracts(top) else (*_flat(regions, top, whole=()), None)
    found = [_Tree(inner, terms, alone(regions, terms))]
    sharing = (node for node in inner if _adds(node) and regions.own(node) > 1 + sum(map(regions.own, node.operands)))
    whole = {node for some in grouped(sharing, regions.own) for node in some}
    if whole and not found[-1].is_one_class:
        fewer, larger = _flat(regions, top, whole)
        found.append(_Tree(fewer, larger, alone(regions, larger)))
    if patiently and len(terms) > 3 and not found[-1].is_one_class:
        groups = [Part(tuple(roots), nodes) for roots, nodes in regions.neighbours(top, terms)]
        together = alike(regions, groups)
        taken = {root for copies in together for part in copies for root in part.roots}
        rest = alone(regions, [term for term in terms if term not in taken])
        found.append(_Tree(inner, terms, together + rest))
    return max(found, key=lambda tree: _saved(tree.classes))._replace(start=start)


def _adds(node: Node) -> bool:
    return node.op is not None and node.op.name in ADDITIONS and bool(node.operands)


def _subtracts(node: Node) -> bool:
    return node.op is not None and node.op.name == "sub" and bool(node.operands)


def _row(regions: Regions[N], top: N) -> tuple[list[N], list[Any], Any]:
    """The subtractions before one, what they take away from left to right, and from what."""
    inner, (start, last) = list[N](), top.operands
    terms = [last]
    while regions.own(start) and _subtracts(start):
        inner.append(start)
        start, term = start.operands
        terms.append(term)
    return inner, terms[::-1], start


def _flat(regions: Regions[N], top: N, whole: Collection[N]) -> tuple[list[N], list[Any]]:
    """The additions within a sum, and its terms from left to right, among them the additions to be left `whole`."""
    inner, terms = list[N](), list[Any]()
    stack: list[Any] = [*reversed(top.operands)]
    while stack:
        term = stack.pop()
        if regions.own(term) and _adds(term) and term not in whole:
            inner.append(term)
            stack.extend(reversed(term.operands))
        else:
            terms.append(term)
    return inner, terms
