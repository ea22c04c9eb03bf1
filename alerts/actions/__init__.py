"""The register of measures: what was promised, by whom, until when, and whether it worked."""
