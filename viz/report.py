"""The report of a training as a Story: the data, the network, the descent, and examples it never saw.

Imports autograd, nn, story, trained and typeset.
"""

from __future__ import annotations

from collections.abc import Mapping

from autograd.readings.latex import latex
from nn import Data, losses, recipes

from .story import Plot, Rule, Section, Story, Table
from .trained import Trained

COUNTED = 4  # classes whose examples are counted one by one
LISTED = 13  # features that are named


def report(trained: Trained, plots: Mapping[str, Plot], again: str = "") -> Story:
    """All there is to say of a training; `again` is the command by which it is done once more."""
    data = trained.fitted.data

    def drawn(*names: str) -> tuple[Plot, ...]:
        return tuple(plots[name] for name in names if name in plots)

    return Story(
        title=f"{data.name.capitalize()}: {trained.verdict}",
        intro=f"A network learns {data.target} from {_features(data)}, and is judged by examples it never saw.",
        picture=None,
        sections=(
            _data(data, trained.held_out),
            _network(trained),
            _training(trained, drawn("curves")),
            _judged(trained, drawn("boundary", "predictions", "confusion", "mistakes")),
            _used(data, again),
        ),
    )


def _features(data: Data) -> str:
    if len(data.X) > LISTED:
        return f"{len(data.X)} numbers, {data.features[0]} to {data.features[-1]}"
    return ", ".join(data.features)


def _data(learnt: Data, held_out: Data) -> Section:
    few = learnt.classes if len(learnt.classes) <= COUNTED else ()
    counts = tuple(
        (said, f"{len(of):,}", *(f"{(of.labels == place).sum():,}" for place in range(len(few))))
        for said, of in (("to learn from", learnt), ("held out", held_out))
    )
    table = Table("lr" + "r" * len(few), ("", "examples", *few), counts)
    said = (("Source", learnt.source), ("Licence", learnt.licence))
    return Section("The data", table=table, closing=" ".join(f"{name}: {text}." for name, text in said if text))


def _network(trained: Trained) -> Section:
    fitted = trained.fitted
    summary, task, strength = fitted.net.summary(), recipes.TASKS[fitted.data.task], fitted.recipe.strength
    rows = tuple(
        (str(row.layer), "{} × {}".format(*row.weights), str(row.biases), row.activation, f"{row.parameters:,}")
        for row in summary.rows
    )
    loss, names = losses.LOSSES[task.loss], {"p": r"\hat{y}", "y": "y", "z": "z", "s": r"\ln{\textstyle\sum}e^z"}
    rules = [Rule(task.loss.replace("_", " "), (f"L = {latex(loss.formula, names)}",))]
    if loss.from_logits is not None:
        rules.append(Rule(f"the same from z, before the {task.output}", (f"L = {latex(loss.from_logits, names)}",)))
    if strength:
        rules.append(
            Rule("beside it, for each weight", (latex(losses.PENALTIES["l2"], {"w": "w", "k": f"{strength:g}"}),))
        )
    return Section(
        f"The network has {summary.parameters:,} parameters",
        table=Table("lllrr", ("layer", "W", "b", "activation", "parameters"), rows),
        rules=tuple(rules),
        rules_said="What the output ŷ costs where y is right; the cost is the mean over the examples.",
    )


def _training(trained: Trained, plots: tuple[Plot, ...]) -> Section:
    recipe, history = trained.fitted.recipe, trained.fitted.history
    back = f", the best by the {recipe.kept_back:.0%} of them that were kept back" if recipe.kept_back else ", the best"
    return Section(
        f"The training came to {history.last.number} epochs of {history.updates_per_epoch} updates",
        intro=f"By {recipe.optimiser} at rate {recipe.rate:g}, on {history.examples:,} examples, in "
        f"{sum(epoch.seconds for epoch in history.epochs):.1f} s: the cost went from {history.costs[0]:.4g} to "
        f"{history.last.cost:.4g}; {history.stopped}. The network is that of epoch {history.best.number}{back}.",
        plots=plots,
    )


def _judged(trained: Trained, plots: tuple[Plot, ...]) -> Section:
    title, held_out = "Examples it never saw", trained.held_out
    beside = f"Without hidden layers, learnt from the same examples: {trained.score(trained.linear)}."
    if held_out.task == "regression":
        return Section(title, intro=f"{trained.score(trained.fitted)}. {beside}", plots=plots)
    found = trained.fitted.evaluation(held_out)
    shares = zip(found.names, found.confusion.sum(axis=1), found.recall, found.precision, strict=True)
    rows = tuple((name, f"{of:,}", _percent(recall), _percent(precision)) for name, of, recall, precision in shares)
    return Section(
        title,
        intro=f"{found.confusion.trace():,} of {len(held_out):,} are right: {trained.score(trained.fitted)}. {beside}",
        table=Table("lrrr", ("class", "examples", "recall", "precision"), rows),
        closing=" ".join(found.weak()) or "No mistake.",
        plots=plots,
    )


def _used(data: Data, again: str) -> Section:
    asked = "[" + ", ".join(f"{number:g}" for number in data.X[:4, 0]) + (", …]" if len(data.X) > 4 else "]")
    said = f"nn.MLP.load('model.json')({asked}) is what it says of an example, given as it stands in the data."
    return Section("To be used", intro=said, closing=f"Once more: {again}" if again else "")


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"
