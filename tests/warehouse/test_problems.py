from __future__ import annotations

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from warehouse.problems import Failure, Problem, Problems, failure, from_validation, problem


def test_a_problem_is_a_sentence() -> None:
    assert str(Problem("a.toml", "x is missing", "add it")) == "a.toml: x is missing; add it."
    assert str(Problem("a.toml", "x is missing")) == "a.toml: x is missing."


def test_all_problems_are_said() -> None:
    both = Problems([Problem("a", "one"), Problem("b", "two", "mend it")])
    assert str(both) == "a: one.\nb: two; mend it."


def test_a_failure_is_told_from_wrong_usage() -> None:
    assert isinstance(failure("disk", "is full"), Failure) and isinstance(failure("disk", "is full"), Problems)
    assert not isinstance(problem("a.toml", "is wrong"), Failure)


class _Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    n: int = Field(gt=0)
    name: str


class _Outer(BaseModel):
    inner: list[_Inner]


def test_every_fault_of_a_validation_in_our_words() -> None:
    with pytest.raises(ValidationError) as caught:
        _Outer.model_validate({"inner": [{"n": 0, "nme": "x"}, {"n": "two", "name": "y"}]})
    assert str(from_validation(caught.value, "f.toml")).splitlines() == [
        "f.toml: inner.0.n: Input should be greater than 0 (came: 0).",
        "f.toml: inner.0.name is missing; add it.",
        "f.toml: inner.0.nme is not a known setting; remove it or correct its spelling.",
        "f.toml: inner.1.n: Input should be a valid integer, unable to parse string as an integer (came: 'two').",
    ]
