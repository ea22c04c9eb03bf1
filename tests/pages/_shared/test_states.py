"""Little tables: texts from outside stay texts, what is missing is a dash, numbers stand right."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from pages._shared.numbers import DASH
from tests.pages.little import frames


def drawn() -> None:
    import pandas as pd

    from pages._shared import states

    rows = [
        {"name": "**<b>A|B</b>** :red[x](http://y)", "n": "1,204", "other": None, "word": "worse"},
        {"name": "$x$ <5", "n": "few", "other": "7", "word": float("nan")},
    ]
    headers = {"name": "Unit", "n": "Cases", "other": "Cases", "word": "Judged"}
    states.small_table(pd.DataFrame(rows, index=[4, 9]), headers, alt="said", muted="few")
    states.small_table(pd.DataFrame(columns=list(headers)), headers, alt="none")


def test_a_little_table_shows_texts_as_they_are() -> None:
    at = AppTest.from_function(drawn).run()
    assert [e.message for e in at.exception] == []
    full, empty = frames(at)
    assert list(full.iloc[:, 0]) == ["**<b>A|B</b>** :red[x](http://y)", "$x$ <5"]
    assert list(full.iloc[:, 1]) == ["1,204", "few"]
    assert list(full.iloc[:, 2]) == [DASH, "7"] and list(full.iloc[:, 3]) == ["worse", DASH]
    assert list(full.columns) == ["Unit", "Cases", "Cases", "Judged"] and empty.empty
    sent = at.table[0].value
    assert "\\<b\\>" in sent.iloc[0, 0] and "\\*\\*" in sent.iloc[0, 0], "nothing of it is Markdown"
    assert sent.iloc[1, 1] == ":gray[few]"
    styles = at.table[0].proto.arrow_data.styler.styles
    assert "td.col1" in styles and "td.col2" in styles and "td.col0" not in styles and "td.col3" not in styles
