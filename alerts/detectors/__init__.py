"""Detectors: pure functions of arrays, each checked against a reference implementation. No data is read here."""
