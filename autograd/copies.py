"""The examples of a batch, found in a scalar graph: terms of a sum that are one computation. Imports graph and regions.

Terms are alike if all that only they are made from is computed in the same way, step by step, from leaves of their
own and from the very same nodes outside. What anything is called, and where it was made, does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable
from typing import Any, Generic, NamedTuple, TypeVar

from .graph import N, Node
from .regions import Regions

T = TypeVar("T")
ADDITIONS = ("add", "sum")
PATIENCE = 4  # how often each node may be looked at in search of terms that belong together


class Varying(NamedTuple, Generic[N]):
    """A plain number that is not the same in all copies: operand `slot` of this node of the first one."""

    node: N
    slot: int
    values: tuple[float, ...]


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
    """A sum over copies: its last addition, the classes of parts that are alike, and the terms in none of them."""

    top: N
    classes: tuple[Copies[N], ...]
    rest: tuple[N | float, ...]


class Batches(NamedTuple, Generic[N]):
    """The sums over copies, and the nodes that are neither in a copy nor an addition within one of these sums.

    Both are in topological order, and what the copies of a sum are made from stands before its top.
    """

    sums: tuple[Batch[N], ...]
    nodes: tuple[N, ...]


def batches_in(loss: N) -> Batches[N] | None:
    """The sums over copies below a loss, or None if there are none.

    A sum is a tree of additions, each but the last read once, by the next. Of sums within one another those are taken
    that save most nodes, of equal ones the outermost. A term that is a leaf or read elsewhere too is like no other.

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
            sums.append(Batch(top, tuple(_aligned(regions, copies) for copies in tree.classes), rest))
    if not sums:
        return None
    sums.sort(key=lambda batch: regions.order[batch.top])
    return Batches(tuple(sums), tuple(node for node in regions.order if node not in gone))


class _Part(NamedTuple, Generic[N]):
    """Some terms of a sum and all that only they are made from, in an order that is the same for all that are alike."""

    roots: tuple[N, ...]
    nodes: list[N]


class _Tree(NamedTuple, Generic[N]):
    """A sum: the additions within it, what it adds up from left to right, and the parts of this that are alike."""

    inner: list[N]
    terms: list[Any]
    classes: list[list[_Part[N]]]

    @property
    def is_one_class(self) -> bool:
        """Whether there is nothing that is not alike."""
        return sum(map(len, self.classes[:1])) == len(self.terms)


def _aligned(regions: Regions[N], copies: list[_Part[N]]) -> Copies[N]:
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


def _saved(classes: Iterable[list[_Part[N]]]) -> int:
    """How many nodes there are fewer: of each copy but one all, and the additions that join its terms."""
    return sum((len(copies) - 1) * (len(copies[0].nodes) + len(copies[0].roots)) for copies in classes)


def _trees(regions: Regions[N], refused: Collection[tuple[N, ...]]) -> dict[N, _Tree[N]]:
    """The sums over copies by their tops, the outermost first; of copies only the first is looked into.

    Parts that are alike are not taken for copies if the roots of the first are `refused`.
    """
    trees, passed, patience = dict[N, _Tree[N]](), set[N](), PATIENCE * len(regions.laid)
    for top in reversed(regions.laid):
        if top not in passed and _adds(top):
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
    inner, terms = _flat(regions, top, whole=())
    found = [_Tree(inner, terms, _alone(regions, terms))]
    sharing = (node for node in inner if regions.own(node) > 1 + sum(map(regions.own, node.operands)))
    whole = {node for some in _grouped(sharing, regions.own) for node in some}
    if whole and not found[-1].is_one_class:
        fewer, larger = _flat(regions, top, whole)
        found.append(_Tree(fewer, larger, _alone(regions, larger)))
    if patiently and len(terms) > 3 and not found[-1].is_one_class:
        groups = [_Part(tuple(roots), nodes) for roots, nodes in regions.neighbours(top, terms)]
        together = _alike(regions, groups)
        taken = {root for copies in together for part in copies for root in part.roots}
        rest = _alone(regions, [term for term in terms if term not in taken])
        found.append(_Tree(inner, terms, together + rest))
    return max(found, key=lambda tree: _saved(tree.classes))


def _adds(node: Node) -> bool:
    return node.op is not None and node.op.name in ADDITIONS and bool(node.operands)


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


def _alone(regions: Regions[N], terms: Iterable[Any]) -> list[list[_Part[N]]]:
    """The terms that are alike, each as a part of its own; only what is computed, and of one size, is compared."""
    sizes = _grouped((term for term in terms if regions.own(term) and term.operands), regions.own)
    return [copies for some in sizes for copies in _alike(regions, [_Part((t,), regions.region(t)) for t in some])]


def _alike(regions: Regions[N], parts: Iterable[_Part[N]]) -> list[list[_Part[N]]]:
    return _grouped(parts, lambda part: _form(regions, part))


def _form(regions: Regions[N], part: _Part[N]) -> Hashable:
    """How a part is computed, the same for all that are alike.

    An operand goes by its place in the part or, outside of it, by itself; plain numbers and leaves may be any.
    """
    inside, outside = dict(zip(part.nodes, range(-len(part.nodes), 0), strict=True)).get, regions.order.get
    form = list[Any]()
    note = form.append
    for node in part.nodes:
        operands, op = node.operands, node.op
        note(op.name if op is not None and operands else "")
        for operand in operands:
            place = inside(operand)
            note(outside(operand) if place is None else place)
    return tuple(form)


def _grouped(given: Iterable[T], key: Callable[[T], Hashable]) -> list[list[T]]:
    """The lists of two and more that have one key."""
    groups: dict[Hashable, list[T]] = {}
    for each in given:
        groups.setdefault(key(each), []).append(each)
    return [group for group in groups.values() if len(group) > 1]
