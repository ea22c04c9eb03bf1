"""The synthetic city (模拟数据): files exactly as operators export them, with a known answer key.

Nothing of the loader belongs here: the generator knows no contract, and the loader never asks the generator.
"""

from etl.demo.run import DemoSummary, generate

__all__ = ["DemoSummary", "generate"]
