"""Files handed out belong to who took them: the address of one opens nothing for anybody else.

Streamlit keeps a file under an address made of its content, and gives it to whoever asks; a link passed on would be a
way around request, approval and trail.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import PurePosixPath

from streamlit.runtime.memory_media_file_storage import _calculate_file_id

MEDIA = "/media/"
_MOST = 5000
_given: OrderedDict[str, set[str]] = OrderedDict()
_lock = threading.Lock()


def note(content: bytes, mime: str, file_name: str, taker: str) -> None:
    """A file goes to a person. Streamlit's own memory forgets files sooner than this one does."""
    name = _calculate_file_id(content, mime, file_name)
    with _lock:
        _given.setdefault(name, set()).add(taker)
        _given.move_to_end(name)
        while len(_given) > _MOST:
            _given.popitem(last=False)


def is_for(path: str, person: str) -> bool:
    """Whether a path of this server leads to anything but a file that somebody else took."""
    if not path.startswith(MEDIA):
        return True
    with _lock:
        takers = _given.get(PurePosixPath(path).name.partition(".")[0])
    return takers is None or person in takers
