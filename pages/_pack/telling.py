"""Charts and maps in words, for those who hear them or cannot see them."""

from __future__ import annotations

from alerts.review.bundle import Chart, Map
from pages._pack import atlas
from pages._pack.paper import Paper, clean, written
from pages._pack.plots import Series, read
from pages._shared.text import t

LONGEST = 900
_TOLD = 4  # series that are told one by one


def told(shown: Chart | Map, paper: Paper) -> str:
    """Title, measure and the figures that matter."""
    if isinstance(shown, Map):
        values = [(paper.of(p.name), atlas.value_of(p, shown, paper)) for p in shown.places]
        said = "；".join(f"{name} {value}" for name, value in values)
    else:
        drawn = read(shown, paper)
        parts = [_series(series, drawn.labels, paper) for series in drawn.series[:_TOLD]]
        if len(drawn.series) > _TOLD:
            parts.append(t("pack.told_more", paper.lang, n=len(drawn.series) - _TOLD))
        said = "；".join(parts) or t("pack.told_empty", paper.lang)
    if paper.lang == "en":
        said = said.replace("；", "; ")
    title = paper.of(shown.title).rstrip("。.")
    return clean(t("pack.told", paper.lang, title=title, subtitle=paper.of(shown.subtitle), said=said), LONGEST)


def _series(series: Series, labels: tuple[str, ...], paper: Paper) -> str:
    known = [(label, value) for label, value in zip(labels, series.values, strict=True) if value is not None]
    if not known:
        return f"{series.name} {t('pack.told_empty', paper.lang)}"
    kind = series.column.kind
    (first, a), (last, b) = known[0], known[-1]
    where, top = max(known, key=lambda pair: pair[1])
    a_text, b_text, top_text = (written(value, kind, paper.lang) for value in (a, b, top))
    return t(
        "pack.told_series", paper.lang, name=series.name, first=first, last=last, where=where,
        a=a_text, b=b_text, top=top_text,
    )  # fmt: skip
