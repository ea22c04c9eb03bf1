"""Blocks of views: each asks for its figures, shapes them and draws one chart or table with its finding."""
