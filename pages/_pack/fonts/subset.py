"""Makes the fonts beside it from Debian's fonts-noto-cjk: `python pages/_pack/fonts/subset.py`. Needs fonttools.

Regular: GB 2312, Latin, and every character of the catalogues and workspaces. Bold: the commoner half of GB 2312.
"""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
SYSTEM = Path("/usr/share/fonts/opentype/noto")
SIGNS = "—–·…“”‘’％℃①②③④⑤▲■●◆△▽←→↑↓✓✗≤≥≠±×÷²³€¥£•▏□☐☑"


def gb2312(last_row: int) -> set[int]:
    """Code points of GB 2312 up to a row; rows 16 to 55 are the commoner characters, 56 to 87 the others."""
    pairs = (bytes([0xA0 + row, 0xA0 + cell]) for row in range(1, last_row + 1) for cell in range(1, 95))
    return {ord(c) for pair in pairs for c in pair.decode("gb2312", "ignore")}


def ours() -> set[int]:
    """Code points that the product itself writes."""
    files = [*(ROOT / "locales").rglob("*.po"), *(ROOT / "workspaces").rglob("*.toml"),
             *(ROOT / "workspaces").rglob("*.csv"), *(ROOT / "alerts").rglob("*.toml"),
             *(ROOT / "warehouse").rglob("*.toml")]  # fmt: skip
    return {ord(c) for file in files for c in file.read_text(encoding="utf-8")} - set(range(32))


def main() -> None:
    from fontTools import subset
    from fontTools.ttLib import TTCollection

    latin = set(range(0x20, 0x7F)) | set(range(0xA0, 0x180)) | {ord(c) for c in SIGNS}
    for weight, last_row in (("Regular", 87), ("Bold", 55)):
        source = SYSTEM / f"NotoSansCJK-{weight}.ttc"
        fonts = TTCollection(str(source)).fonts
        named = [f["name"].getDebugName(4) or "" for f in fonts]
        number = next(k for k, name in enumerate(named) if name.startswith("Noto Sans CJK SC"))
        options = subset.Options(
            font_number=number, hinting=False, layout_features=["locl"], notdef_outline=True, name_IDs=["*"]
        )
        options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "GPOS", "GSUB"]
        font = subset.load_font(str(source), options)
        work = subset.Subsetter(options)
        work.populate(unicodes=latin | gb2312(last_row) | ours())
        work.subset(font)
        subset.save_font(font, str(HERE / f"NotoSansCJKsc-{weight}.subset.otf"), options)


if __name__ == "__main__":
    main()
