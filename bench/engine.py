"""What the scalar engine costs, as ratios measured side by side in one run: `make bench`.

The work is one step of MLP(2, [16, 16, 1]) with relu on 100 points, full batch: forward, a hinge loss, backward,
update. It is written once with binary + and × and once with a weighted sum a neuron, with and without Python's
cyclic garbage collector. Only the ratios travel from one machine to another.
"""

from __future__ import annotations

import gc
import random
import statistics
import time

from autograd import Graph, Value
from nn import MLP

ROUNDS = 15


def loss_of(net: MLP, points: list[list[float]], labels: list[float]) -> Value:
    """The mean hinge loss of the batch."""
    losses = [(1 - label * net.outputs(point)[0]).relu() for point, label in zip(points, labels, strict=True)]
    return sum(losses[1:], losses[0]) * (1 / len(losses))


def step(net: MLP, points: list[list[float]], labels: list[float]) -> None:
    """Forward, backward, update; the garbage of a step is paid for within it."""
    parameters = net.parameters()
    for parameter in parameters:
        parameter.grad = None
    loss = loss_of(net, points, labels)
    loss.backward()
    for parameter in parameters:
        parameter.data -= 1e-3 * (parameter.grad or 0.0)


def main() -> None:
    """Time all variants in turn, round by round, and print medians and ratios."""
    generator = random.Random(0)
    points = [[generator.uniform(-1, 1), generator.uniform(-1, 1)] for _ in range(100)]
    labels = [1.0 if x * y > 0 else -1.0 for x, y in points]
    nets = {
        "binary + and ×": MLP(2, [16, 16, 1], activation="relu", output="linear", fused=False),
        "weighted sums": MLP(2, [16, 16, 1], activation="relu", output="linear"),
    }
    times: dict[tuple[str, bool], list[float]] = {(name, collects): [] for name in nets for collects in (True, False)}
    for _ in range(ROUNDS):
        for (name, collects), measured in times.items():
            gc.collect()
            (gc.enable if collects else gc.disable)()
            start = time.perf_counter()
            step(nets[name], points, labels)
            measured.append(time.perf_counter() - start)
    gc.enable()
    medians = {variant: statistics.median(measured) for variant, measured in times.items()}
    base = medians["binary + and ×", True]
    print(f"{'variant':<18}{'collector':<12}{'nodes':>8}{'median':>12}{'speed':>9}")
    for (name, collects), median in medians.items():
        nodes = len(Graph(loss_of(nets[name], points, labels)))
        print(f"{name:<18}{'on' if collects else 'off':<12}{nodes:>8}{median * 1e3:>9.1f} ms{base / median:>7.2f} ×")


if __name__ == "__main__":
    main()
