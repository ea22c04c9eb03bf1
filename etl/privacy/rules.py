"""What a rule is: one RE2 pattern and its token, applied to the texts that pass the gate of its group."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

BEFORE = r"(^|[^0-9])"
AFTER = r"($|[^0-9])"
# Stands between characters that no rule may join while rules run; never in a text that is kept.
MARK = "\ue0f0"


@dataclass(frozen=True)
class Rule:
    """Replace what ``pattern`` finds. `twice` when neighbours share a separator: the first takes it for itself."""

    pattern: str
    token: str
    twice: bool = False

    def apply(self, texts: pa.Array) -> pa.Array:
        for _ in range(1 + self.twice):
            texts = pc.replace_substring_regex(texts, self.pattern, self.token)
        return texts


@dataclass(frozen=True)
class Group:
    """Rules for texts that ``gate`` finds something in."""

    gate: str
    rules: tuple[Rule, ...]

    def apply(self, texts: pa.Array) -> pa.Array:
        """Texts without nulls, scrubbed by these rules."""
        concerned = pc.match_substring_regex(texts, self.gate)
        work = texts.filter(concerned)
        if not len(work):
            return texts
        for rule in self.rules:
            work = rule.apply(work)
        return pc.replace_with_mask(texts, concerned, work)
