"""One key per customer, whatever the spelling of the number; the secret does not show."""

from __future__ import annotations

import hashlib
import hmac
import re

import pyarrow as pa
import pytest

from etl.privacy import CustomerKey, SecretError, mask_number, normalise_number

SECRET = bytes(range(32))
MOBILE = "138" + "1234" + "5678"
OTHER = "159" + "8765" + "4321"
FIXED = "8712" + "3456"
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def test_the_key_is_the_keyed_hash_of_the_plain_number():
    expected = hmac.new(SECRET, MOBILE.encode(), hashlib.sha256).hexdigest()[:32]
    assert CustomerKey(SECRET).keys([MOBILE]).to_pylist() == [expected]


@pytest.mark.parametrize(
    "spelling",
    [
        "+86" + MOBILE,
        "86" + MOBILE,
        "0086" + MOBILE,
        "+86 " + MOBILE,
        "0" + MOBILE,
        f" {MOBILE}\u3000",
        f"{MOBILE[:3]}-{MOBILE[3:7]}-{MOBILE[7:]}",
        MOBILE.translate(FULL_WIDTH),
        "'" + MOBILE,
        MOBILE + ".0",
        f"(+86){MOBILE}",
        f"{MOBILE[:3]} {MOBILE[3:7]}\u200b {MOBILE[7:]}",
    ],
)
def test_every_spelling_of_a_number_has_one_key(spelling):
    assert normalise_number(spelling) == MOBILE
    assert CustomerKey(SECRET).key(spelling) == CustomerKey(SECRET).key(MOBILE)


def test_a_fixed_line_is_one_customer_with_and_without_the_country_code():
    assert normalise_number("+86 514 " + FIXED) == normalise_number("0514-" + FIXED) == "0514" + FIXED


def test_missing_and_blank_numbers_have_no_key_and_order_is_kept():
    keys = CustomerKey(SECRET).keys(pa.array([None, MOBILE, "", " \u3000", OTHER, MOBILE])).to_pylist()
    assert [key is None for key in keys] == [True, False, True, True, False, False]
    assert keys[1] == keys[5] != keys[4]


def test_what_is_not_a_number_gets_a_key_of_the_same_form():
    key = CustomerKey(SECRET).key("broadband-yz-0001")
    assert key is not None and re.fullmatch("[0-9a-f]{32}", key)
    assert CustomerKey(SECRET).key(" broadband-yz-0001 ") == key


def test_keys_take_lists_series_chunked_and_dictionary_arrays():
    import pandas as pd

    expected = CustomerKey(SECRET).keys([MOBILE, None]).to_pylist()
    for numbers in (
        pd.Series([MOBILE, None]),
        pd.Series([MOBILE, float("nan")], dtype=object),
        pa.chunked_array([[MOBILE], [None]]),
        pa.array([MOBILE, None]).dictionary_encode(),
        pa.array([MOBILE, None], pa.large_string()),
    ):
        assert CustomerKey(SECRET).keys(numbers).to_pylist() == expected
    assert CustomerKey(SECRET).keys(pa.array([int(MOBILE), None])).to_pylist() == expected
    assert CustomerKey(SECRET).keys([]).to_pylist() == []


def test_a_repeated_number_is_hashed_once(monkeypatch):
    calls = []
    real = hmac.digest
    monkeypatch.setattr("hmac.digest", lambda *a: calls.append(1) or real(*a))
    CustomerKey(SECRET).keys([MOBILE] * 1000 + [OTHER] * 1000)
    assert len(calls) == 2


def test_another_secret_gives_other_keys_and_another_fingerprint():
    one, two = CustomerKey(SECRET), CustomerKey(SECRET[::-1])
    assert one.key(MOBILE) != two.key(MOBILE)
    assert one.fingerprint != two.fingerprint == CustomerKey(SECRET[::-1]).fingerprint


def test_the_secret_does_not_show():
    assert repr(CustomerKey(SECRET)) == "CustomerKey()"


def test_a_short_secret_is_refused():
    with pytest.raises(SecretError, match="expected at least 32 bytes, got 3"):
        CustomerKey(b"abc")


def test_masks():
    assert mask_number(MOBILE) == mask_number("+86 " + MOBILE) == "138****5678"
    assert mask_number("0514" + FIXED) == "****3456"
    assert mask_number("10086") == "****"
    assert mask_number("李") == "****"
    assert mask_number(None) is None
