"""Early warning: rules as data, signals over a release, one state machine for live runs, backtests and tests."""
