"""Whether refunds depend on who took the complaint in: sums of squares by hand, and the F test over them."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import numpy as np
import pytest
from scipy import stats

from tests.warehouse.conftest import LittleHome, ticket
from warehouse.analysis.spread import refunds_p

START = datetime(2025, 1, 6, 9)


def test_squares_between_and_within_people(little: LittleHome) -> None:
    """One person refunds 10 and 10·e², another 10·e³ three times; logarithms are compared."""
    amounts = {"a": [10.0, 10 * math.e**2], "b": [10 * math.e**3] * 3}
    paid = [(who, yuan) for who, list_ in amounts.items() for yuan in list_]
    rows = [
        ticket(n, START + timedelta(hours=n), type_code="TAR02", compensation_yuan=yuan, intake_staff=who)
        for n, (who, yuan) in enumerate(paid)
    ]
    alone = ticket(90, START, type_code="TAR01", compensation_yuan=50.0, intake_staff="a")
    unpaid = ticket(91, START, type_code="TAR02", compensation_yuan=0.0, intake_staff="c")
    later = [ticket(92, datetime(2025, 4, 1, 0), type_code="TAR02", compensation_yuan=9.0, intake_staff="a")]
    little.load("ticket", [*rows, alone, unpaid, *later])
    little.build()
    [row] = little.rows("select * from mart_refund_spread")
    assert str(row["period_month"])[:10] == "2025-01-01" and row["type_l1"] == "TAR"
    assert (row["n_free"], row["n_within"]) == (1, 3)
    # Means of the logarithms above ln 10: a 1, b 3, all 2.2; so 2·1.2² + 3·0.8² = 4.8 between and 1 + 1 = 2 within.
    assert row["between_ss"] == pytest.approx(4.8, abs=1e-5)
    assert row["within_ss"] == pytest.approx(2.0, abs=1e-5)


def test_the_p_value_is_that_of_a_one_way_anova() -> None:
    rng = np.random.default_rng(5)
    groups = [rng.normal(m, 1, 12) for m in (0, 0.4, 1.1)]
    whole = np.concatenate(groups).mean()
    between = sum(len(g) * (g.mean() - whole) ** 2 for g in groups)
    within = sum(((g - g.mean()) ** 2).sum() for g in groups)
    assert refunds_p(between, 2, within, 33) == pytest.approx(stats.f_oneway(*groups).pvalue)


@pytest.mark.parametrize("parts", [(1.0, 0, 1.0, 5), (1.0, 3, 1.0, 0), (0.0, 3, 0.0, 5)])
def test_nothing_to_compare_has_no_p_value(parts: tuple[float, int, float, int]) -> None:
    assert math.isnan(refunds_p(*parts))
