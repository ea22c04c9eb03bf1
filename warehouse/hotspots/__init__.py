"""Where complaints lie closer together than they should: from located tickets to named hotspots, week by week.

Pure functions of arrays and frames; `weeks` puts them in order, `step` feeds them in a build, `registry` remembers
names. No clock, no files, no thresholds: these stand in `settings.toml`. Requirements 2.8.
"""
