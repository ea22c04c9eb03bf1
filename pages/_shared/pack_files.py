"""The files of a week's pack for a page: which there are, who may have them, and their bytes. Draws nothing.

A pack holds figures of large groups only, so it is the same for everybody who may have it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from alerts.review.bundle import Issue, Status
from pages._pack.files import KINDS, MAKERS, OPTIONAL, file_name, make
from pages._pack.paper import Meeting, Order, Paper
from pages._shared.text import Lang
from warehouse.viewer import Viewer
from warehouse.workspace import Workspace

# What leaves the house belongs to those who lead the meeting or prepare it.
MAY_HAVE = frozenset({"manager", "supervisor", "analyst"})
MIME = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
    "pdf": "application/pdf",
}
Tell = Callable[[float, str], None]  # how much is done, 0-1, and the file about to be made


@dataclass(frozen=True)
class PackFile:
    """A file to be handed out."""

    kind: str
    name: str
    mime: str
    content: bytes


def may_have(viewer: Viewer) -> bool:
    """Whether a viewer may have the pack: the right role, and not confined to a part of the city."""
    return viewer.role in MAY_HAVE and viewer.regions is None and viewer.departments is None


def paper(
    issue: Issue, status: Status, lang: Lang, space: Workspace, orders: tuple[Order, ...] = (),
    meeting: Meeting | None = None,
) -> Paper:  # fmt: skip
    """What the files are made of."""
    return Paper(issue, lang, status, space.boundaries, orders, meeting or Meeting())


def of(printed: Paper, viewer: Viewer, tell: Tell, kinds: tuple[str, ...] = KINDS) -> list[PackFile]:
    """The files asked for, all or none. Raises `PermissionError` for a viewer who may not have them, and `Failure`
    naming the chart or table that could not be made."""
    if not may_have(viewer):
        raise PermissionError(f"the pack is not for the role {viewer.role}")
    made = make(printed, lambda name, k, n: tell(k / n, name), kinds)
    named = {file_name(kind, printed): kind for kind in kinds}
    return [PackFile(named[name], name, MIME[_ending(named[name])], content) for name, content in made.files.items()]


def _ending(kind: str) -> str:
    return (MAKERS.get(kind) or OPTIONAL[kind])[0]
