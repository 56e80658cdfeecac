"""Every rule against what its paper says of all gradients at once, and descents that can be put aside."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf

from autograd import NonFinite, NotAScalar, PathgradError, UnknownChoice, Value, WrongShape
from nn import MLP, BadSetting, losses, optimiser
from nn.optimisers import RULES, SGD, Adam, Momentum, Nesterov, RMSProp, Rule, State
from nn.schedules import Constant, Cosine, Schedule, WarmUp
from nn.shapes import Array

shares = st.floats(0, 0.999)
rules = st.one_of(
    st.just(SGD()),
    st.builds(Momentum, shares),
    st.builds(Nesterov, shares),
    st.builds(RMSProp, shares, st.floats(1e-10, 1e-2)),
    st.builds(Adam, shares, shares, st.floats(1e-10, 1e-2), st.booleans()),
)
histories = st.integers(1, 4).flatmap(
    lambda n: st.lists(st.lists(st.floats(-1e6, 1e6), min_size=n, max_size=n), min_size=1, max_size=12)
)


def steps(rule: Rule, gradients: Sequence[Any], rate: float, state: State | None = None) -> tuple[list[Array], State]:
    """The step of every gradient, and what is remembered in the end; nothing handed over may be written to."""
    made, state = [], rule.start(len(gradients[0])) if state is None else state
    for gradient in gradients:
        g = np.array(gradient)
        for array in (g, *state.values()):
            array.flags.writeable = False
        step, state = rule.step(g, state, rate)
        made.append(step)
    return made, state


def descend(rule: Rule, slope: Callable[[Array], Array], start: Sequence[float], schedule: Schedule, n: int) -> Array:
    """The parameters before each of n updates, and after the last, a row each."""
    track, state = [np.array(start)], rule.start(len(start))
    for update in range(n):
        step, state = rule.step(slope(track[-1]), state, schedule(update))
        track.append(track[-1] + step)
    return np.array(track)


def valley(theta: Array) -> Array:
    """The gradient of ½(x² + 30y²), a narrow valley with its lowest point at 0."""
    return theta * [1, 30]


def last_step(rule: Rule, gradients: Sequence[float], rate: float, weighed: Callable[[Any], Any]) -> Any:
    """The step after all these gradients of one parameter, as one sum over all of them instead of one after another.

    `weighed` is applied to each gradient that stands above the fraction line.
    """
    g, eta = [weighed(mpf(x)) for x in gradients], mpf(rate)
    squares = [mpf(x) ** 2 for x in gradients]

    def fading(terms: Sequence[Any], beta: float) -> Any:
        return sum(mpf(beta) ** age * term for age, term in enumerate(reversed(terms)))

    match rule:
        case SGD():
            return -eta * g[-1]
        case Momentum(beta):
            return -eta * fading(g, beta)
        case Nesterov(beta):
            return -eta * (g[-1] + mpf(beta) * fading(g, beta))
        case RMSProp(beta, epsilon):
            return -eta * g[-1] / (mp.sqrt((1 - mpf(beta)) * fading(squares, beta)) + mpf(epsilon))
        case Adam(beta1, beta2, epsilon, corrected):
            ones = [mpf(1)] * len(g)  # a corrected mean has weights that add up to 1
            over, under = (
                (fading(ones, beta1), fading(ones, beta2))
                if corrected
                else (1 / (1 - mpf(beta1)), 1 / (1 - mpf(beta2)))
            )
            mean, square = fading(g, beta1) / over, fading(squares, beta2) / under
            return -eta * mean / (mp.sqrt(square) + mpf(epsilon))
    raise AssertionError(rule)


@given(rule=rules, gradients=histories, rate=st.floats(1e-6, 10))
def test_a_rule_does_what_its_equation_says_of_all_gradients_at_once(
    rule: Rule, gradients: list[list[float]], rate: float
) -> None:
    made, _ = steps(rule, gradients, rate)
    with mp.workdps(50):
        for slot, step in enumerate(made[-1]):
            history = [gradient[slot] for gradient in gradients]
            size = abs(last_step(rule, history, rate, abs))  # terms may cancel; the rounding is that of their sizes
            assert abs(mpf(float(step)) - last_step(rule, history, rate, mpf)) <= 1e-12 * size + 1e-290


def test_first_two_steps_by_hand() -> None:
    gradients = [[8.0, -4.0], [0.0, 4.0]]
    by_hand = {
        SGD(): [[-2, 1], [0, -1]],
        Momentum(0.5): [[-2, 1], [-1, -0.5]],  # v = (8, -4), (4, 2)
        Nesterov(0.5): [[-3, 1.5], [-0.5, -1.25]],  # g + v/2 = (12, -6), (2, 5)
        RMSProp(0.75, 1.0): [[-0.4, 1 / 3], [0, -1 / (np.sqrt(7) + 1)]],  # s = (16, 4), (12, 7)
        Adam(0.5, 0.75, 1.0): [[-2 / 9, 0.2], [-0.25 * (8 / 3) / (np.sqrt(192 / 7) + 1), -0.25 * (4 / 3) / 5]],
        Adam(0.5, 0.75, 1.0, False): [[-0.2, 1 / 6], [-0.25 * 2 / (np.sqrt(12) + 1), -0.25 / (np.sqrt(7) + 1)]],
    }
    for rule, expected in by_hand.items():
        made, _ = steps(rule, gradients, 0.25)
        assert np.array(made) == pytest.approx(np.array(expected), rel=1e-15), rule


@pytest.mark.parametrize("name", RULES)
def test_the_same_steps_as_optax(name: str) -> None:
    jax, optax = pytest.importorskip("jax"), pytest.importorskip("optax")
    theirs = {
        "sgd": optax.sgd(0.1),
        "momentum": optax.sgd(0.1, momentum=0.9),
        "nesterov": optax.sgd(0.1, momentum=0.9, nesterov=True),
        "rmsprop": optax.rmsprop(0.1, decay=0.9, eps=1e-8, eps_in_sqrt=False),
        "adam": optax.adam(0.1),
    }[name]
    gradients = np.random.default_rng(0).normal(size=(20, 3))
    made, _ = steps(RULES[name](), list(gradients), 0.1)
    with jax.enable_x64(True):
        state = theirs.init(jax.numpy.zeros(3))
        for gradient, step in zip(gradients, made, strict=True):
            expected, state = theirs.update(jax.numpy.asarray(gradient), state)
            assert step == pytest.approx(np.asarray(expected), rel=1e-12)


@given(beta=st.floats(0, 0.95), rate=st.floats(1e-3, 0.3), start=st.lists(st.floats(-2, 2), min_size=2, max_size=2))
def test_nesterovs_parameters_are_those_that_sutskever_looks_ahead_to(
    beta: float, rate: float, start: list[float]
) -> None:
    phi, u, ahead = np.array(start), np.zeros(2), []
    for _ in range(15):
        ahead.append(phi + beta * u)
        u = beta * u - rate * np.sin(ahead[-1])
        phi = phi + u
    track = descend(Nesterov(beta), np.sin, start, Constant(rate), 14)
    assert track == pytest.approx(np.array(ahead), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", RULES)
def test_every_rule_finds_the_bottom_of_a_narrow_valley(name: str) -> None:
    rule, schedule = optimiser(name, rate=WarmUp(5, Cosine(0.03, 400)))
    assert np.abs(descend(rule, valley, [2, 1], schedule, 400)[-1]).max() < 0.01


def test_in_a_narrow_valley_momentum_is_ahead_and_adam_minds_no_scale() -> None:
    far = {rule: np.abs(descend(rule, valley, [2, 1], Constant(0.01), 100)[-1, 0]) for rule in (SGD(), Momentum())}
    assert far[Momentum()] < far[SGD()] / 10
    once = descend(Adam(), valley, [2, 1], Constant(0.1), 20)
    assert once == pytest.approx(descend(Adam(), lambda x: 1000 * valley(x), [2, 1], Constant(0.1), 20), rel=1e-6)


@given(rule=rules, gradients=histories, data=st.data())
def test_a_descent_put_aside_goes_on_bit_for_bit(rule: Rule, gradients: list[list[float]], data: st.DataObject) -> None:
    n, cut = len(gradients[0]), data.draw(st.integers(0, len(gradients)))
    whole, last = steps(rule, gradients, 0.1)
    _, state = steps(rule, gradients[:cut], 0.1, rule.start(n))
    written = json.loads(json.dumps({name: array.tolist() for name, array in state.items()}))
    for kept in (state, written):
        rest, end = steps(rule, gradients[cut:], 0.1, rule.restore(kept, n))
        assert [step.tobytes() for step in rest] == [step.tobytes() for step in whole[cut:]]
        assert {name: array.tobytes() for name, array in end.items()} == {k: v.tobytes() for k, v in last.items()}


def test_a_restored_memory_is_its_own() -> None:
    saved = Momentum().start(2)
    restored = Momentum().restore(saved, 2)
    restored["v"][0] = 5
    assert saved["v"].tolist() == [0, 0]


def test_the_notes_update_on_a_network_of_values() -> None:
    """w(new) = w(old) − η ∂L/∂w, line 753, to the last bit; a list of .grad is a vector."""
    net = MLP(2, [2, 1], seed=1)
    parameters: list[Value] = net.parameters()
    losses.squared_error(net.outputs([0.3, -0.6]), [1.0]).backward()
    grads: list[Any] = [w.grad for w in parameters]
    step, _ = SGD().step(grads, SGD().start(len(grads)), 0.5)
    assert [w.data - 0.5 * g for w, g in zip(parameters, grads, strict=True)] == [
        w.data + change for w, change in zip(parameters, step.tolist(), strict=True)
    ]


@pytest.mark.parametrize(
    ("make", "kind", "said"),
    [
        (lambda: optimiser("adam", rate=0), BadSetting, "rate: given 0, expected a number above 0; write rate=0.1"),
        (lambda: optimiser("sgd", rate=float("nan")), BadSetting, "rate: given nan, expected a number above 0"),
        (lambda: optimiser("sgd", rate=10**400), BadSetting, "rate: given 1000"),
        (lambda: optimiser("sgd", rate="fast"), BadSetting, "rate: given 'fast'"),  # type: ignore[arg-type]
        (lambda: optimiser("adamw", rate=1), UnknownChoice, "no optimiser 'adamw'; choose one of: sgd, momentum, nest"),
        (lambda: optimiser("rmsprop", rate=1, beta1=0.9), UnknownChoice, "'beta1'; choose one of: rate, beta, epsilon"),
        (lambda: optimiser(Adam(), rate=1, beta1=0.9), UnknownChoice, "'beta1'; choose one of: rate"),
        (lambda: Momentum(1), BadSetting, "beta: given 1, expected a number from 0 to less than 1; write beta=0.9"),
        (lambda: Adam(beta2=-0.1), BadSetting, "beta2: given -0.1, expected .*; write beta2=0.999"),
        (lambda: Adam(epsilon=0), BadSetting, "epsilon: given 0, expected a number above 0; write epsilon=1e-08"),
        (lambda: Adam(bias_correction=1), BadSetting, "bias_correction: given 1, expected True or False"),  # type: ignore[arg-type]
        (lambda: SGD().start(0), BadSetting, "n: given 0, expected a whole number from 1"),
        (lambda: SGD().step([1], {}, -1), BadSetting, "rate: given -1, expected a number from 0"),
        (lambda: SGD().step([1, float("nan")], {}, 1), NonFinite, r"gradient\[1\] is nan"),
        (lambda: SGD().step([Value(1)], {}, 1), NotAScalar, "expected real numbers; of a Value take its .grad"),
        (lambda: SGD().step([0, 1e308], {}, 100), NonFinite, r"step of SGD\(\)\[1\] is -inf, .* clip the gradient"),
        (lambda: steps(RMSProp(), [[0, 1e200]], 1), NonFinite, r"s of RMSProp\(.*\)\[1\] is inf"),
        (lambda: steps(Momentum(), [[1], [1, 2]], 1), WrongShape, r"given v \(1,\), expected v \(2,\); begin with sta"),
        (lambda: Adam().step([1], {}, 1), WrongShape, r"given nothing, expected m \(1,\), v \(1,\), t \(1,\)"),
        (lambda: SGD().restore({"v": [1]}, 1), WrongShape, r"memory of SGD\(\) .* given v \(1,\), expected nothing"),
        (lambda: Momentum().restore({"v": [[1], 2]}, 2), WrongShape, "given v of no one shape"),
        (lambda: Momentum().restore({"v": [float("nan")]}, 1), NonFinite, r"v\[0\] is nan, .* go back to what was"),
    ],
)
def test_bad_input_is_a_lesson(make: Callable[[], object], kind: type[PathgradError], said: str) -> None:
    with pytest.raises(kind, match=said):
        make()


def test_settings_are_plain_numbers_however_they_are_given() -> None:
    numbers: dict[str, Any] = {"beta": np.float32(0.5), "updates": np.int64(3)}
    assert repr(Momentum(numbers["beta"])) == "Momentum(beta=0.5)"
    assert repr(WarmUp(numbers["updates"], Constant(1))) == "WarmUp(updates=3, then=Constant(rate=1.0))"
    assert WarmUp(3, 0.5) == WarmUp(3, Constant(0.5))  # type: ignore[arg-type]  # at a prompt a number is enough
    rule = Momentum(0.5)
    assert optimiser(rule, rate=0.1) == (rule, Constant(0.1)) == optimiser("momentum", rate=0.1, beta=0.5)
