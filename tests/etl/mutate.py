"""Damage as it happens to files on their way: bytes flipped, lines cut, columns swapped, encodings mixed. Seeded."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

Mutation = Callable[[bytes, Random], bytes]


def flip_bytes(content: bytes, chance: Random) -> bytes:
    damaged = bytearray(content)
    for _ in range(chance.choice([1, 3, 20])):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


def cut_lines(content: bytes, chance: Random) -> bytes:
    """Some lines broken off, one of them perhaps the header."""
    lines = content.split(b"\n")
    for _ in range(chance.choice([1, 2, 5])):
        at = chance.randrange(len(lines))
        lines[at] = lines[at][: chance.randrange(len(lines[at]) + 1)]
    return b"\n".join(lines)


def cut_end(content: bytes, chance: Random) -> bytes:
    return content[: chance.randrange(1, len(content))]


def cut_out(content: bytes, chance: Random) -> bytes:
    first = chance.randrange(len(content))
    return content[:first] + content[first + chance.randrange(1, 200) :]


def swap_columns(content: bytes, chance: Random) -> bytes:
    """Two cells of some lines change places; in a binary format, two stretches of bytes."""
    lines = content.split(b"\n")
    for at in chance.sample(range(len(lines)), min(len(lines), 5)):
        cells = lines[at].split(b",")
        if len(cells) > 1:
            one, other = chance.sample(range(len(cells)), 2)
            cells[one], cells[other] = cells[other], cells[one]
            lines[at] = b",".join(cells)
    return b"\n".join(lines)


def mix_encodings(content: bytes, chance: Random) -> bytes:
    """Some lines written by another program."""
    lines = content.split(b"\n")
    encoding = chance.choice(["gb18030", "utf-16", "utf-8-sig", "latin-1"])
    for at in chance.sample(range(len(lines)), min(len(lines), 4)):
        text = lines[at].decode("utf-8", errors="replace")
        lines[at] = text.encode(encoding, errors="replace")
    return b"\n".join(lines)


def repeat(content: bytes, chance: Random) -> bytes:
    first = chance.randrange(len(content))
    last = first + chance.randrange(1, 500)
    return content[:last] + content[first:]


def insert_odd(content: bytes, chance: Random) -> bytes:
    odd = [b"\0", b'"', b"\r", b"\xff\xfe", b"\xef\xbb\xbf", b"\n\n", b"{", b"]", b"\\", b"," * 9, b"\x1a"]
    at = chance.randrange(len(content))
    return content[:at] + chance.choice(odd) * chance.choice([1, 1, 7]) + content[at:]


MUTATIONS: tuple[Mutation, ...] = (
    flip_bytes, cut_lines, cut_end, cut_out, swap_columns, mix_encodings, repeat, insert_odd,
)  # fmt: skip


def mutants(content: bytes, n: int, seed: str) -> list[bytes]:
    """`n` different damaged copies; every kind of damage occurs, some copies suffer two."""
    chance = Random(seed)
    found: dict[bytes, None] = {}
    while len(found) < n:
        damaged = MUTATIONS[len(found) % len(MUTATIONS)](content, chance)
        if damaged and chance.random() < 0.3:
            damaged = chance.choice(MUTATIONS)(damaged, chance)
        if damaged and damaged != content:
            found[damaged] = None
    return list(found)
