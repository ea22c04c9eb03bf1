"""No message lacks a language, no key is unused, no placeholder differs."""

import ast
import re
import string
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from pages._shared import text
from pages._shared.text import MissingText, catalogue, language, t, word

ROOT = Path(__file__).resolve().parents[3]
# Families that the frame and the first views take up. A family leaves this list when its page exists.
RESERVED = (
    "app",
    "nav",
    "view",
    "role",
    "filter",
    "state",
    "word",
    "unit",
    "chart",
    "map",
    "tile",
    "verdict",
)


def sources() -> list[Path]:
    app = ROOT / "app.py"
    return [*sorted((ROOT / "pages").rglob("*.py")), *([app] if app.exists() else [])]


def literals(node: ast.expr | None) -> list[str]:
    """The strings that a value can be, as far as they are written out."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return literals(node.body) + literals(node.orelse)
    if isinstance(node, ast.Dict):
        return [s for value in node.values for s in literals(value)]
    if isinstance(node, ast.JoinedStr):
        return ["".join(str(p.value) if isinstance(p, ast.Constant) else "*" for p in node.values)]
    return []


def keys_of(node: ast.expr, named: dict[str, list[str]]) -> list[str]:
    """Keys that an argument can be: written out, an f-string (with "*"), or a name assigned in the file."""
    if isinstance(node, ast.Subscript):
        node = node.value
    return named.get(node.id, []) if isinstance(node, ast.Name) else literals(node)


@dataclass
class Uses:
    """What the code asks of the catalogues."""

    keys: set[str] = field(default_factory=set)
    patterns: set[str] = field(default_factory=set)
    hidden: list[str] = field(default_factory=list)
    calls: list[tuple[str, set[str], str]] = field(default_factory=list)

    def covers(self, key: str) -> bool:
        return key in self.keys or any(fnmatchcase(key, p) for p in self.patterns)


def uses() -> Uses:
    found = Uses()
    for path in sources():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named: dict[str, list[str]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    if isinstance(target, ast.Name):
                        named.setdefault(target.id, []).extend(literals(node.value))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                _read(node, node.func.id, named, path, found)
    return found


def _read(node: ast.Call, name: str, named: dict[str, list[str]], path: Path, found: Uses) -> None:
    if name not in ("t", "_", "word", "maybe") or path.name == "text.py":
        return
    place = f"{path.relative_to(ROOT)}:{node.lineno}"
    texts = keys_of(node.args[0], named)
    if not texts:
        found.hidden.append(place)
    for one in texts:
        if name in ("word", "maybe") or "*" in one:
            found.patterns.add(f"{one}.*" if name in ("word", "maybe") else one)
            continue
        found.keys.add(one)
        if isinstance(node.args[0], ast.Constant) and all(k.arg for k in node.keywords):
            found.calls.append((one, {str(k.arg) for k in node.keywords}, place))


def placeholders(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name}


def test_both_languages_have_the_same_keys():
    assert set(catalogue("zh")) ^ set(catalogue("en")) == set()


def test_placeholders_agree_between_languages():
    zh, en = catalogue("zh"), catalogue("en")
    assert {k: (zh[k], en[k]) for k in zh if placeholders(zh[k]) != placeholders(en[k])} == {}


def test_every_key_in_the_code_is_in_the_catalogues():
    found = uses()
    assert found.hidden == [], "write keys out, or use word(family, code)"
    for lang in text.LANGS:
        have = catalogue(lang)
        assert sorted(k for k in found.keys if k not in have) == [], lang
        assert sorted(p for p in found.patterns if not any(fnmatchcase(k, p) for k in have)) == [], lang


def test_every_call_gives_what_its_text_needs():
    have = catalogue("en")
    wrong = [
        f"{place}: {key} needs {sorted(placeholders(have[key]))}, gets {sorted(given)}"
        for key, given, place in uses().calls
        if key in have and placeholders(have[key]) != given
    ]
    assert wrong == []


def test_no_key_is_unused():
    found = uses()
    idle = [k for k in catalogue("zh") if not found.covers(k)]
    assert [k for k in idle if k.split(".", 1)[0] not in RESERVED] == []


def test_chinese_is_chinese_and_english_is_not():
    def has_han(s: str) -> bool:
        return any("\u4e00" <= c <= "\u9fff" for c in s)

    assert [k for k, v in catalogue("en").items() if has_han(v)] == []
    same = {k for k, v in catalogue("zh").items() if v and not has_han(v)}
    # What is left is signs, units and numbers.
    assert {k.split(".")[0] for k in same} <= {
        "unit",
        "format",
        "month",
        "chart",
        "tile",
        "alt",
        "table",
        "today",
        "rhythm",
        "state",
        "review",
        "effects",
        "wall",
    }


def test_a_missing_key_raises_under_test_and_shows_itself_in_production(monkeypatch):
    with pytest.raises(MissingText, match='locales/zh/LC_MESSAGES/lookout.po has no "today.nonsense"'):
        t("today.nonsense", "zh")
    monkeypatch.setattr(text, "is_strict", lambda: False)
    assert t("today.nonsense", "zh") == "today.nonsense"


def test_a_missing_value_raises_under_test_and_shows_the_text_in_production(monkeypatch):
    with pytest.raises(MissingText, match="needs the value 'moment'"):
        t("badge.as_of", "zh")
    monkeypatch.setattr(text, "is_strict", lambda: False)
    assert t("badge.as_of", "zh") == "截至 {moment}"


@pytest.mark.parametrize(
    ("browser", "lang"),
    [("zh-CN", "zh"), ("zh-TW", "zh"), ("ZH", "zh"), ("en-US", "en"), ("fr", "en"), (None, "zh")],
)
def test_language_of_a_browser(browser, lang):
    assert language(browser) == lang


def test_a_catalogue_cannot_be_changed():
    with pytest.raises(TypeError):
        catalogue("zh")["app.title"] = "x"  # type: ignore[index]


def test_word_reads_a_family():
    assert word("weekday", 1, "zh") == "周一"
    assert word("verdict", "worse", "en") == "Worse"


def test_chinese_verdicts_fit_a_chip():
    assert [v for k, v in catalogue("zh").items() if k.startswith("verdict.") and len(v) > 4] == []


@pytest.mark.parametrize(("n", "said"), [("1", "1 complaint"), ("0", "0 complaints"), ("12.0k", "12.0k complaints")])
def test_english_nouns_follow_their_number(n: str, said: str):
    assert t("types.finding_total", "en", period="March", n=n) == f"March: {said}"
    assert t("badge.sources_fresh", "en", n=1) == "1 source fresh"


def test_a_unit_beside_a_number_follows_it():
    assert text.noun("tickets", "1", "en") == "ticket"
    assert text.noun("tickets", "11", "en") == "tickets"
    assert text.noun("件", "1", "zh") == "件"


def test_no_english_count_has_a_fixed_plural():
    """`{n} files` would say "1 files"; `{n:file|files}` does not."""
    counted = re.compile(r"\{(n|files|rows|failed|over|late|periods|columns)\} [a-z]+s\b")
    allowed = {"today.room", "tile.room"}
    assert [k for k, v in catalogue("en").items() if counted.search(v) and k not in allowed] == []
