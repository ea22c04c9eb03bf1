"""Lake, models, measures and the scoped query layer. Imports nothing of ours from other layers."""

import os

# Matrices here are small: threads of the linear algebra wait for each other longer than they work. On two busy cores a
# fit of 2 ms took 45. Read where SciPy is first imported, so it stands before all that does.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
