#!/usr/bin/env python3
"""Makes japanese.ttf from Motoya L Cedar (Debian's fonts-motoya-l-cedar, Apache-2.0):
kana, punctuation and the 2965 kanji of JIS X 0208's first level, and whatever the
Japanese texts need beyond. Letters that Fyne's own typeface has are left out.

    python3 subset.py /usr/share/fonts/truetype/motoya-l-cedar/MTLc3m.ttf

It needs Debian's python3-fonttools."""

import json
import pathlib
import sys

from fontTools import subset, ttLib

here = pathlib.Path(__file__).parent


def level_one():
    for row in list(range(0xA1, 0xA9)) + list(range(0xB0, 0xD0)):
        for cell in range(0xA1, 0xFF):
            try:
                yield bytes([row, cell]).decode("euc_jp")
            except UnicodeDecodeError:
                pass


texts = json.loads((here.parent / "translation" / "ja.json").read_text("utf-8"))
wanted = set(level_one()) | set("".join(texts.values()))
# A space is drawn in the typeface of what stands before it.
ours = sorted({0x20, 0xA0} | {c for c in map(ord, wanted) if c >= 0x2E80})
subset.main([sys.argv[1], "--unicodes=" + ",".join(f"{c:x}" for c in ours), "--layout-features=",
             "--no-hinting", "--desubroutinize", "--drop-tables+=vhea,vmtx,GSUB,GPOS,BASE,VORG", "--name-IDs=0,1,2,4,6,13,14",
             f"--output-file={here / 'japanese.ttf'}"])

# Lines are as high as those of Fyne's own typeface, Noto Sans, beside which it stands:
# the first of the typefaces decides for all.
font = ttLib.TTFont(here / "japanese.ttf")
em = font["head"].unitsPerEm
above, below = round(1.069 * em), round(0.293 * em)
font["hhea"].ascent, font["hhea"].descent, font["hhea"].lineGap = above, -below, 0
table = font["OS/2"]
table.sTypoAscender, table.sTypoDescender, table.sTypoLineGap = above, -below, 0
table.usWinAscent, table.usWinDescent = above, below
font.save(here / "japanese.ttf")
