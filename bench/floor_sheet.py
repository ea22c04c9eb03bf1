"""The floor of loading a workbook: fastexcel reads its first sheet into Arrow. `python -m bench.floor_sheet FILE`."""

from __future__ import annotations

import sys

import fastexcel
import pyarrow as pa

if __name__ == "__main__":
    print(pa.table(fastexcel.read_excel(sys.argv[1]).load_sheet(0, header_row=1).to_arrow()).num_rows)
