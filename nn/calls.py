"""What came of calling a person's function, and whatever is wrong with it before any number is looked at.

Imports problems, raising and NumPy. Each fault is said as itself, with the smallest fix.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any, NamedTuple

import numpy as np

from .problems import Gradients, Problem
from .raising import Fault, raising
from .shapes import Array

RETURN = "end the function with return loss, grads"


class Call(NamedTuple):
    """One call: the loss and the gradients as far as they are numbers; None where there are none."""

    loss: float | None
    grads: Gradients | None
    faults: tuple[Fault, ...]


def received(said: Mapping[str, Any], problem: Problem, name: str = "grads") -> Call:
    """What came of a call, as `apart.called` tells it."""
    changed = said["changed"]
    after = [Fault("changed", f"{_list(changed)} changed by the call", COPIES.format(changed[0]))] if changed else []
    if "raised" in said:
        return Call(None, None, (raising(said["raised"], problem, name), *after))
    if "returned" in said:
        return Call(None, None, (_no_pair(said["returned"], name), *after))
    if "grads_are" in said:
        return Call(None, None, (_no_dict(said["grads_are"], problem), *after))
    loss, faults = _loss(said["loss"])
    given, about_names = _by_names(said["grads"], problem)
    found = {array: _array(given[array]) for array in problem.params if array in given}
    grads = {array: numbers for array, numbers in found.items() if numbers is not None}
    about = (*_about_kinds(given, grads), *_about_shapes(grads, problem), *_about_numbers(grads))
    return Call(loss, grads, (*faults, *about_names, *about, *after))


COPIES = "work on copies, such as {}.copy(), and leave the update to the caller"


def _list(names: list[str], one: str = "is", more: str = "are") -> str:
    return f"{', '.join(names)} {more if len(names) > 1 else one}"


def _no_pair(made: Mapping[str, Any], name: str) -> Fault:
    if made["kind"] == "NoneType":
        return Fault("none", f"{name} returns None", RETURN)
    what = "the gradients alone" if made["kind"] == "dict" else f"a {made['kind']}, {made['shown']}"
    return Fault("returned", f"{name} returns {what}, expected the loss and the gradients", RETURN)


def _no_dict(grads: Mapping[str, Any], problem: Problem) -> Fault:
    if grads["kind"] == "number":
        return Fault("order", "the loss comes second, expected first", RETURN)
    names = ", ".join(f"'{name}': d{name}" for name in problem.params)
    says = "grads is None" if grads["kind"] == "NoneType" else f"grads is a {grads['kind']}, expected a dict"
    return Fault("grads", says, f"return loss, {{{names}}}")


def _loss(said: Mapping[str, Any] | None) -> tuple[float | None, list[Fault]]:
    """The loss as a number; there may be gradients alone."""
    if said is None:
        return None, []
    if len(said.get("numbers", ())) == 1 and said["kind"] in ("number", "array"):
        number = float(said["numbers"][0])
        if isfinite(number):
            return number, []
        return number, [Fault("nan", f"the loss is {number}", "look for log(0), and for a division by 0")]
    kind = "None" if said["kind"] == "NoneType" else f"a {said['kind']}"
    what = f"of shape {tuple(said['shape'])}" if "shape" in said else kind
    fix = "the loss is one number, the mean over the examples of the sum over the outputs"
    return None, [Fault("loss", f"the loss is {what}, expected a number", fix)]


def _by_names(grads: Mapping[str, Any], problem: Problem) -> tuple[dict[str, Any], list[Fault]]:
    """The gradients by the names that they should have, and what is wrong with those that they do have."""
    spelled = {name: (name, f"d{name}", f"grad_{name}", name.lower(), f"d{name.lower()}") for name in problem.params}
    meant = {name: next((key for key in keys if key in grads), None) for name, keys in spelled.items()}
    other = {key: name for name, key in meant.items() if key not in (name, None)}
    missing = [name for name, key in meant.items() if key is None]
    extra = [key for key in grads if key not in meant.values()]
    faults = []
    if other:
        says = f"grads has {', '.join(map(str, other))} for {', '.join(other.values())}"
        faults.append(Fault("names", says, "call each gradient as its parameter is called"))
    if missing:
        faults.append(Fault("missing", f"grads has no {', '.join(missing)}", "return a gradient for every parameter"))
    if extra:
        faults.append(Fault("extra", f"grads has {', '.join(extra)}, and there is no such parameter", "leave that out"))
    return {name: grads[key] for name, key in meant.items() if key is not None}, faults


def _array(said: Mapping[str, Any]) -> Array | None:
    return np.reshape(np.array(said["numbers"], float), said["shape"]) if "numbers" in said else None


def _about_kinds(given: Mapping[str, Any], grads: Gradients) -> Iterator[Fault]:
    lists = [name for name, said in given.items() if said["kind"] == "list"]
    if lists:
        what = "lists, expected arrays" if len(lists) > 1 else "a list, expected an array"
        yield Fault("list", f"{_list(lists)} {what}", f"write np.array({lists[0]})")
    for name, said in given.items():
        if said["kind"] == "NoneType":
            yield Fault("none", f"{name} is None, expected an array", "assign it before you return it", array=name)
        elif name not in grads and said["kind"] != "list":
            what = f"has entries of type {said['dtype']}" if "dtype" in said else f"is a {said['kind']}"
            yield Fault("type", f"{name} {what}, expected an array of numbers", array=name)


def _about_shapes(grads: Gradients, problem: Problem) -> Iterator[Fault]:
    for name, found in grads.items():
        expected = problem.params[name].shape
        if found.shape != expected:
            shape = f"has shape {found.shape}" if found.shape else "is one number"
            why = _cause(name[0], found.shape, expected, problem.m)
            yield Fault("shape", f"{name} {shape}, expected {expected}{why}", array=name)


def _cause(letter: str, found: tuple[int, ...], expected: tuple[int, ...], m: int) -> str:
    """How an array usually gets that shape."""
    if letter == "W":
        return ": it is the transpose" if found == expected[::-1] else ""
    causes = {
        (): "the sum has lost its axis",
        expected[:1]: "keepdims=True is missing",
        expected[::-1]: "it lies on its side",
        (expected[0], m): "it is not summed over the examples",
        (1, m): "it is summed over the neurons",
        (m,): "it is summed over the neurons",
    }
    return f": {causes[found]}" if found in causes else ""


def _about_numbers(grads: Gradients) -> Iterator[Fault]:
    wrong = {name: np.argwhere(~np.isfinite(array)) for name, array in grads.items()}
    wrong = {name: places for name, places in wrong.items() if len(places)}
    if wrong:
        (name, places), *others = wrong.items()
        place = tuple(places[0].tolist())
        more = f", the first of {len(places)} there" if len(places) > 1 else ""
        also = f"; also in {', '.join(other for other, _ in others)}" if others else ""
        says = f"{name}{list(place)} is {grads[name][place]}{more}{also}"
        yield Fault("nan", says, "look for log(0), a division by 0, or exp of a large number")
