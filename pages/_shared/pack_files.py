"""The files of a week's pack for a page: which there are, who may have them, and their bytes. Draws nothing.

A pack holds figures of large groups only, so it is the same for everybody who may have it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pages._pack.paper import Paper
from warehouse.viewer import Viewer

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

    def unmarked(self, *_: object) -> bytes:
        """Its bytes, as they are sealed: a mark would make every copy another paper."""
        return self.content


def may_have(viewer: Viewer) -> bool:
    """Whether a viewer may have the pack: the right role, and not confined to a part of the city."""
    return viewer.role in MAY_HAVE and viewer.regions is None and viewer.departments is None


def of(paper: Paper, viewer: Viewer, tell: Tell, kinds: tuple[str, ...] = ()) -> list[PackFile]:
    """The files asked for (all where none is named), every one or none. Raises `PermissionError` for a viewer who may
    not have them, and `Failure` naming the chart or table that could not be made."""
    # What it takes to write documents is loaded by whoever has some written, not by every page.
    from pages._pack.files import KINDS, file_name, make

    if not may_have(viewer):
        raise PermissionError(f"the pack is not for the role {viewer.role}")
    wanted = kinds or KINDS
    made = make(paper, lambda name, k, n: tell(k / n, name), wanted)
    named = {file_name(kind, paper): kind for kind in wanted}
    return [PackFile(named[name], name, MIME[name.rpartition(".")[2]], content) for name, content in made.files.items()]
