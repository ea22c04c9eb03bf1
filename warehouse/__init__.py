"""Lake, models, measures and the scoped query layer. Imports nothing of ours from other layers."""
