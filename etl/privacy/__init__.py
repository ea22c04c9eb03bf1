"""Keys instead of numbers, tokens instead of identifiers, harmless cells instead of formulas.

Does not belong here: who may see what (the query layer), which column carries a number (the contracts),
suppression of small cells (the marts).

The analytics store holds no full number and no free text with identifiers (PIPL art. 6 and 51). What is
recognised, how well, and what the secret is for stands in docs/privacy.md.
"""

from etl.privacy.cells import NEUTRALISED, neutralise
from etl.privacy.keys import CustomerKey, mask_number, normalise_number
from etl.privacy.numbers import NUMBER_IN_ID
from etl.privacy.scrubber import hide_numbers, scrub
from etl.privacy.secret import SecretError, load_secret

__all__ = [
    "NEUTRALISED",
    "NUMBER_IN_ID",
    "CustomerKey",
    "SecretError",
    "hide_numbers",
    "load_secret",
    "mask_number",
    "neutralise",
    "normalise_number",
    "scrub",
]
