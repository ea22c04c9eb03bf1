"""Rules for the design of our own, as scores of cell and week; the joint detector is one of them.

Does not belong here: the cities (areas.py), limits and judgement (trial.py).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from alerts.detectors import joint, residuals
from bench.detection.areas import HISTORY, N_CELLS, WIDE, City, kernel

Floats = NDArray[np.float64]
SIGNALS = {"complaints": "complaints", "drops": "drop rate", "speed": "speed", "answers": "satisfaction"}
PROFILES = {"all": tuple(SIGNALS), "network": ("drops", "speed"), "voice": ("complaints", "answers")}
JOINT, ANY = "joint", "any of the four, pooled, weeks added up"
_NEAR = kernel()
_ALONE = np.eye(N_CELLS)


def scores(city: City) -> dict[str, Floats]:
    """Of every rule the scores of the judged weeks, (cells, weeks)."""
    z = {
        "complaints": residuals.of_counts(city.complaints),
        "drops": residuals.of_levels(city.drops, 1),
        "speed": residuals.of_levels(city.speed, -1),
        "answers": residuals.of_rates(city.good, city.answers),
    }
    found = {
        "complaints, true mean known": (city.complaints - city.mean) / np.sqrt(WIDE * city.mean),
        "drop rate, true mean known": (city.drops - city.kpi_mean) / 0.15,
        "speed, true mean known": (city.kpi_mean - city.speed) / 0.10,
    }
    for name, words in SIGNALS.items():
        found[f"{words}, cell and week"] = np.nan_to_num(z[name])
        found[f"{words}, weeks added up"] = joint.join({name: z[name]}, _ALONE, {name: (name,)}).score
        found[f"{words}, pooled, weeks added up"] = joint.join({name: z[name]}, _NEAR, {name: (name,)}).score
    found[ANY] = np.max([found[f"{words}, pooled, weeks added up"] for words in SIGNALS.values()], axis=0)
    found["joint, cell by cell"] = joint.join(z, _ALONE, PROFILES).score
    found["joint, week by week"] = joint.join(z, _NEAR, PROFILES, (1,)).score
    found[JOINT] = joint.join(z, _NEAR, PROFILES).score
    return {name: score[:, HISTORY:] for name, score in found.items()}
