"""CSV files as data: any table, and that of the Indian liver patients. Imports cells, classes and examples."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf
from pathlib import Path
from typing import TypeAlias

import numpy as np

from autograd import require_choice, shorten

from .cells import BadTable, Table, number_in, read_table
from .classes import NotAClass
from .examples import TASKS, Data
from .shapes import Array

Codes: TypeAlias = Mapping[str, Mapping[str, float]]
MOST_CLASSES = 10  # with more different whole numbers a target is a quantity, unless a task is given

# The columns of the liver patients in the order of the original file, with what else files call them.
LIVER = {
    "Age": "ageofthepatient",
    "Gender": "sex genderofthepatient",
    "T_Bilirubin": "tb totalbilirubin totbilirubin",
    "D_Bilirubin": "db directbilirubin",
    "Alkphos": "aap alp alkalinephosphotase alkalinephosphatase alkphosalkalinephosphotase",
    "Sgpt": "sgpaa alt alamineaminotransferase alanineaminotransferase sgptalamineaminotransferase",
    "Sgot": "sgoaa ast aspartateaminotransferase sgotaspartateaminotransferase",
    "T_Proteins": "tp totalproteins totalprotiens totalprotein totproteins",
    "Albumin": "alb albalbumin",
    "AG_Ratio": "ag albuminandglobulinratio agratioalbuminandglobulinratio",
    "Dataset": "selector selectorfield class label target result ispatient",
}
CALLED = {other: name for name, others in LIVER.items() for other in (*others.split(), name.lower().replace("_", ""))}
CODES = {"Gender": {"Female": 0, "Male": 1, "F": 0, "M": 1}}


def from_csv(
    path: str | Path,
    target: str,
    *,
    task: str | None = None,
    features: Sequence[str] | None = None,
    classes: Sequence[str] | None = None,
    codes: Codes | None = None,
    missing: str = "refuse",
    header: Sequence[str] | None = None,
) -> Data:
    """The data of a CSV file: a line for each example, the answers in the column `target`.

    The features are all other columns, or those named; `codes` turns words into numbers, as in
    {"Gender": {"Female": 0, "Male": 1}}. Without a task, a target of words or of at most ten different whole numbers
    tells classes apart, two of them in a binary task, and any other is a number to be predicted. `classes` lists the
    labels allowed, in their order; otherwise they are sorted. A missing cell is empty, ?, NA or the like: "drop" leaves
    its row out, "mean" puts the mean of the column in its place, which lets a test set know a little of the rest.
    `header` names the columns of a file that does not.

    Raises BadTable, naming line and column, for a file or a cell that cannot be used, NotAClass for a label that is not
    among the classes, UnknownChoice for another task or another way.
    """
    return _data(read_table(path, header), target, task, features, classes, codes or {}, missing)


def read_any(
    path: str | Path,
    target: str | None = None,
    features: Sequence[str] | None = None,
    missing: str = "refuse",
) -> Data:
    """The liver patients, if those are the columns of the file, or else any other table.

    The answers are in the column `target`, which is the last unless it has another name. Raises what `from_csv` does.
    """
    header = read_table(path).header
    if target is None and features is None and set(LIVER) == {_liver_column(name) for name in header}:
        return liver(path, missing)
    return from_csv(path, header[-1] if target is None else target, features=features, missing=missing)


def liver(path: str | Path, missing: str = "refuse") -> Data:
    """Blood tests, age and gender of 583 people from Andhra Pradesh, and who of them is a liver patient: y = 1.

    The file is yours, since no package ships one: UCI's "Indian Liver Patient Dataset", with a header or without. Its
    last column says 1 for a patient and 2 for others (or 1 and 0), and Gender becomes 0 for female and 1 for male.
    Four ratios of albumin to globulin are missing: `missing` is "refuse", "drop" or "mean", as for `from_csv`.

    Raises BadTable, naming line and column, for a cell that cannot be used or a column that is not of this table.
    Source: lines 57 and 548-556 of the notes.
    """
    table = read_table(path)
    if number_in(table.header[0]) is not None:  # the original begins with the first patient
        table = read_table(path, tuple(LIVER))
    names = tuple(map(_liver_column, table.header))
    for name, given in zip(names, table.header, strict=True):
        if not name:
            known = ", ".join(LIVER)
            raise BadTable(
                f"{table.file}: {shorten(given)} is no column of this table; they are {known}; or use from_csv"
            )
        if names.count(name) > 1:
            raise BadTable(f"{table.file}: two columns are {name}, one of them {shorten(given)}; leave one out")
    table = table._replace(header=names)
    others = "0" if "0" in map(_label, table.column("Dataset")) else "2"
    data = _data(table, "Dataset", "binary", None, (others, "1"), CODES, missing)
    return replace(
        data,
        name="liver",
        classes=("no patient", "patient"),
        target="liver patient",
        source=f"UCI Machine Learning Repository, Indian Liver Patient Dataset (2012), {data.source}",
        licence="CC BY 4.0",
    )


def _liver_column(name: str) -> str:
    """What it is called here; nothing if it is none of that table."""
    return CALLED.get(re.sub(r"[^a-z]", "", name.lower()), "")


def _data(
    table: Table,
    target: str,
    task: str | None,
    features: Sequence[str] | None,
    classes: Sequence[str] | None,
    codes: Codes,
    missing: str,
) -> Data:
    if task is not None:
        require_choice("task", task, TASKS)
    names = tuple(name for name in table.header if name != target) if features is None else tuple(features)
    if not names or target in names:
        raise BadTable(f"{table.file}: the features are {shorten(names)}; give columns beside the target {target!r}")
    table = table.settled(names, target, missing)
    X = np.array([_filled(table, name, codes.get(name, {})) for name in names])
    task = task or _guess(table, target, classes)
    order = () if task == "regression" else _order(table, target, classes, task)
    Y = np.array(_places(table, target, order)) if order else table.numbers(target, {})
    source = f"the file {table.file}"
    return Data(X, Y, task, features=names, classes=order, target=target, name=Path(table.file).stem, source=source)


def _filled(table: Table, name: str, codes: Mapping[str, float]) -> Array:
    """The column in numbers, with their mean where one is missing."""
    numbers = table.numbers(name, codes)
    gaps = np.isnan(numbers)
    if gaps.all():
        raise BadTable(f"{table.file}: column {name!r} is empty and has no mean; leave it out by features=")
    return np.where(gaps, numbers[~gaps].mean(), numbers)


def _guess(table: Table, target: str, classes: Sequence[str] | None) -> str:
    """The task that the answers speak of, as `from_csv` says."""
    column = table.column(target)
    numbers = [number_in(cell) for cell in column]
    words = [row for row, number in enumerate(numbers) if number is None]
    kinds = len(set(map(_label, column)) if classes is None else classes)
    if classes is None and 0 < len(words) < len(column):
        at = f"{table.file}, {table.where(words[0], target)}"
        raise BadTable(f"{at}: {shorten(column[words[0]])} among numbers; correct it, or say task='classes'")
    whole = all((number or 0.0).is_integer() for number in numbers)
    if classes is None and not words and (kinds > MOST_CLASSES or not whole):
        return "regression"
    return "binary" if kinds == 2 else "classes"


def _order(table: Table, target: str, classes: Sequence[str] | None, task: str) -> tuple[str, ...]:
    """The classes, in the order given, or sorted: numbers first, by size."""
    if classes is None:
        order = tuple(sorted(set(map(_label, table.column(target))), key=_by_size))
    else:
        order = tuple(dict.fromkeys(_label(str(name)) for name in classes))
    if len(order) < 2 or (task == "binary" and len(order) > 2):
        said = f"{len(order)} class{'es' * (len(order) != 1)}, {', '.join(order[:MOST_CLASSES])}"
        wanted = "two for a binary task" if task == "binary" else "two or more"
        raise BadTable(f"{table.file}, column {target!r}: {said}, expected {wanted}; is this the target?")
    return order


def _places(table: Table, target: str, order: tuple[str, ...]) -> list[float]:
    """Which of the classes each answer is."""
    labels = [_label(cell) for cell in table.column(target)]
    for row, label in enumerate(labels):
        if label not in order:
            at = f"{table.file}, {table.where(row, target)}"
            raise NotAClass(f"{at}: {shorten(label)} is none of the classes {', '.join(order)}; correct it")
    return [float(order.index(label)) for label in labels]


def _label(cell: str) -> str:
    """What names a class: a number in its shortest form, so that 1 and 1.0 are one, or the word as it is."""
    number = number_in(cell)
    return cell if number is None else f"{number:.15g}"


def _by_size(label: str) -> tuple[float, str]:
    number = number_in(label)
    return inf if number is None else number, label
