"""Items V and D as the frameworks write them: PyTorch, JAX, CasADi and scikit-learn, each loaded when it is asked for.

Imports digits, moons, peers and stepping.
"""

from __future__ import annotations

from typing import Any

import digits
import moons
import numpy as np
import stepping
from peers import optional


class CompiledStep(moons.Torch):
    """PyTorch's own compiler, on the loss and its gradients."""

    def __init__(self) -> None:
        super().__init__()
        self.loss = self.torch.compile(self._loss)

    def _loss(self, *parameters: Any) -> Any:
        W1, W2, W3, b1, b2, b3 = parameters
        scores = (self.points @ W1.T + b1).relu() @ W2.T + b2
        scores = (scores.relu() @ W3.T + b3)[:, 0]
        return (1 - self.labels * scores).relu().mean() + stepping.DECAY * sum((w * w).sum() for w in parameters)

    def __call__(self) -> None:
        """One step."""
        for parameter in self.parameters:
            parameter.grad = None
        self.loss(*self.parameters).backward()
        with self.torch.no_grad():
            for parameter in self.parameters:
                parameter -= stepping.RATE * parameter.grad


class JittedStep:
    """JAX: the gradient and the update in one compiled function."""

    def __init__(self) -> None:
        jax = optional("jax")
        jax.config.update("jax_enable_x64", True)
        jnp = jax.numpy
        X, Y = jnp.array(stepping.POINTS), jnp.array(stepping.LABELS)

        def loss(layers: Any) -> Any:
            h, (*hidden, last) = X, layers
            for layer in hidden:
                h = jax.nn.relu(layer[:, :-1] @ h + layer[:, -1:])
            losses = jax.nn.relu(1 - Y * (last[:, :-1] @ h + last[:, -1:]))
            return losses.mean() + stepping.DECAY * sum((layer**2).sum() for layer in layers)

        def step(layers: Any) -> Any:
            found = jax.grad(loss)(layers)
            return [layer - stepping.RATE * gradient for layer, gradient in zip(layers, found, strict=True)], found

        self.step, self.layers = jax.jit(step), [jnp.array(layer) for layer in stepping.start()]

    def __call__(self) -> None:
        """One step; what is computed is waited for."""
        self.layers, self.found = self.step(self.layers)
        self.found[0].block_until_ready()

    def grads(self) -> list[float]:
        """The gradient of the last step."""
        return stepping.flat(self.found)


class CasadiStep:
    """CasADi: its gradient as a function of its virtual machine."""

    def __init__(self) -> None:
        ca = optional("casadi")
        shapes = [layer.shape for layer in stepping.start()]
        theta = ca.MX.sym("theta", sum(rows * columns for rows, columns in shapes))
        h, at = ca.MX(stepping.POINTS), 0
        for number, (rows, columns) in enumerate(shapes, 1):
            layer = ca.reshape(theta[at : at + rows * columns], columns, rows).T
            at += rows * columns
            h = ca.mtimes(layer[:, :-1], h) + ca.repmat(layer[:, -1], 1, stepping.POINTS.shape[1])
            h = h if number == len(shapes) else ca.fmax(h, 0)
        loss = ca.sum2(ca.fmax(1 - stepping.LABELS * h, 0)) / stepping.POINTS.shape[1] + stepping.DECAY * ca.sumsqr(
            theta
        )
        self.gradient = ca.Function("gradient", [theta], [ca.gradient(loss, theta)])
        self.theta = np.concatenate([layer.ravel() for layer in stepping.start()])

    def __call__(self) -> None:
        """One step."""
        self.found = self.gradient(self.theta).full()[:, 0]
        self.theta = self.theta - stepping.RATE * self.found

    def grads(self) -> list[float]:
        """The gradient of the last step."""
        return stepping.flat([self.found])


class TorchEpoch:
    """PyTorch, eager."""

    def __init__(self) -> None:
        self.torch = torch = optional("torch")
        self.batches = [
            (torch.tensor(digits.X.T[a:b].copy()), torch.tensor(digits.CLASSES[a:b])) for a, b in digits.CUTS
        ]
        self.parameters = [
            torch.tensor(part.copy(), requires_grad=True)
            for layer in digits.START
            for part in (layer[:, :-1], layer[:, -1])
        ]

    def loss(self, x: Any, classes: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
        """The mean loss of a batch."""
        logits = (x @ W1.T + b1).sigmoid() @ W2.T + b2
        return self.torch.nn.functional.cross_entropy(logits, classes)

    def __call__(self) -> None:
        """One epoch."""
        for x, classes in self.batches:
            for parameter in self.parameters:
                parameter.grad = None
            self.loss(x, classes, *self.parameters).backward()
            with self.torch.no_grad():
                for parameter in self.parameters:
                    parameter -= digits.RATE * parameter.grad

    def numbers(self) -> list[float]:
        """All parameters."""
        W1, b1, W2, b2 = (parameter.detach().numpy() for parameter in self.parameters)
        return digits.flat([np.column_stack([W1, b1]), np.column_stack([W2, b2])])


class CompiledEpoch(TorchEpoch):
    """PyTorch's own compiler, on the loss and its gradients."""

    def __init__(self) -> None:
        super().__init__()
        self.loss = self.torch.compile(self.loss)  # type: ignore[method-assign]  # which is how it is used


class JittedEpoch:
    """JAX: the gradient and the update of a batch in one compiled function."""

    def __init__(self) -> None:
        jax = optional("jax")
        jax.config.update("jax_enable_x64", True)
        jnp = jax.numpy

        def loss(layers: Any, x: Any, y: Any) -> Any:
            first, last = layers
            h = jax.nn.sigmoid(first[:, :-1] @ x + first[:, -1:])
            logits = last[:, :-1] @ h + last[:, -1:]
            return -(y * jax.nn.log_softmax(logits, axis=0)).sum() / x.shape[1]

        def step(layers: Any, x: Any, y: Any) -> Any:
            found = jax.grad(loss)(layers, x, y)
            return [layer - digits.RATE * gradient for layer, gradient in zip(layers, found, strict=True)]

        self.step, self.layers = jax.jit(step), [jnp.array(layer) for layer in digits.START]
        self.batches = [(jnp.array(digits.X[:, a:b]), jnp.array(digits.Y[:, a:b])) for a, b in digits.CUTS]

    def __call__(self) -> None:
        """One epoch; what is computed is waited for."""
        for x, y in self.batches:
            self.layers = self.step(self.layers, x, y)
        self.layers[0].block_until_ready()

    def numbers(self) -> list[float]:
        """All parameters."""
        return digits.flat(self.layers)


class SklearnEpoch:
    """scikit-learn's classifier, an epoch at a time."""

    def __init__(self) -> None:
        settings: dict[str, Any] = {"activation": "logistic", "solver": "sgd", "alpha": 0, "momentum": 0}
        settings |= {"batch_size": digits.BATCH, "learning_rate_init": digits.RATE, "shuffle": False}
        self.net = optional("sklearn.neural_network").MLPClassifier(digits.SIZES[1:-1], **settings)
        self.examples = np.ascontiguousarray(digits.X.T)
        self.net.partial_fit(self.examples, digits.CLASSES, classes=range(digits.SIZES[-1]))
        for layer, W, b in zip(digits.START, self.net.coefs_, self.net.intercepts_, strict=True):
            W[...], b[...] = layer[:, :-1].T, layer[:, -1]

    def __call__(self) -> None:
        """One epoch."""
        self.net.partial_fit(self.examples, digits.CLASSES)

    def numbers(self) -> list[float]:
        """All parameters."""
        return digits.flat(
            [np.column_stack([W.T, b]) for W, b in zip(self.net.coefs_, self.net.intercepts_, strict=True)]
        )
