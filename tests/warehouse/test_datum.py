"""Datums against the reference package, the inverse against the forward direction."""

import coordTransform as reference
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.datum import (
    bd09_to_wgs84,
    gcj02_to_wgs84,
    swap_suspects,
    to_wgs84,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)

YANGZHOU = (118.9, 32.1, 120.0, 33.5)
LON_IN_CHINA = st.floats(73.7, 135.0)
LAT_IN_CHINA = st.floats(3.9, 53.5)


def metres_apart(a: tuple, b: tuple) -> float:
    lat = np.radians(np.asarray(a[1], dtype=float))
    east = (np.asarray(a[0]) - b[0]) * 111_320 * np.cos(lat)
    north = (np.asarray(a[1]) - b[1]) * 110_950
    return float(np.max(np.hypot(east, north)))


@pytest.mark.parametrize("name", ["wgs84_to_gcj02", "wgs84_to_bd09"])
@pytest.mark.parametrize("box", [(73.0, 3.0, 136.0, 54.0), YANGZHOU])
def test_forward_equals_the_reference_package(name, box):
    random = np.random.default_rng(7)
    lon, lat = random.uniform(box[0], box[2], 3000), random.uniform(box[1], box[3], 3000)
    ours = {"wgs84_to_gcj02": wgs84_to_gcj02, "wgs84_to_bd09": wgs84_to_bd09}[name](lon, lat)
    theirs = np.array([getattr(reference, name)(x, y) for x, y in zip(lon, lat, strict=True)])
    np.testing.assert_allclose(np.column_stack(ours), theirs, atol=1e-11)


def test_a_yangzhou_point_moves_556_metres():
    assert metres_apart(gcj02_to_wgs84(119.412, 32.394), (119.412, 32.394)) == pytest.approx(556, abs=1)


@pytest.mark.parametrize("name", ["wgs84_to_gcj02", "wgs84_to_bd09"])
def test_the_inverse_undoes_the_reference_within_a_centimetre_over_all_of_china(name):
    lon, lat = (axis.ravel() for axis in np.meshgrid(np.linspace(73.67, 135.04, 90), np.linspace(3.87, 53.54, 75)))
    shifted = np.array([getattr(reference, name)(x, y) for x, y in zip(lon, lat, strict=True)])
    back = {"wgs84_to_gcj02": gcj02_to_wgs84, "wgs84_to_bd09": bd09_to_wgs84}[name](shifted[:, 0], shifted[:, 1])
    assert metres_apart(back, (lon, lat)) < 0.01


def test_far_outside_china_the_inverse_leaves_points_alone():
    lon, lat = (axis.ravel() for axis in np.meshgrid(np.linspace(-180, 180, 61), np.linspace(-89.9, 89.9, 41)))
    outside = (lon < 73.6) | (lon > 135.1) | (lat < 3.8) | (lat > 53.6)
    x, y = gcj02_to_wgs84(lon[outside], lat[outside])
    assert (x == lon[outside]).all() and (y == lat[outside]).all()


@settings(deadline=None)
@given(LON_IN_CHINA, LAT_IN_CHINA)
def test_gcj02_round_trip_is_within_a_centimetre(lon, lat):
    shifted = wgs84_to_gcj02(lon, lat)
    assert metres_apart(gcj02_to_wgs84(*shifted), (lon, lat)) < 0.01


@settings(deadline=None)
@given(LON_IN_CHINA, LAT_IN_CHINA)
def test_bd09_round_trip_is_within_a_centimetre(lon, lat):
    assert metres_apart(bd09_to_wgs84(*wgs84_to_bd09(lon, lat)), (lon, lat)) < 0.01


@pytest.mark.parametrize("point", [(-8.47, 51.9), (77.2, -3.0), (-74.0, 40.7), (139.7, 35.7)])
def test_outside_china_gcj02_is_wgs84(point):
    assert [float(v) for v in wgs84_to_gcj02(*point)] == list(point)
    assert [float(v) for v in gcj02_to_wgs84(*point)] == list(point)


def test_baidus_own_shift_is_undone_outside_china_too():
    assert metres_apart(bd09_to_wgs84(*wgs84_to_bd09(-74.0, 40.7)), (-74.0, 40.7)) < 0.01


def test_missing_halves_make_the_point_missing_and_leave_the_others_alone():
    lon = [119.4, np.nan, 119.4, np.inf]
    lat = [32.4, 32.4, np.nan, 32.4]
    for convert in (wgs84_to_gcj02, gcj02_to_wgs84, wgs84_to_bd09, bd09_to_wgs84):
        x, y = convert(lon, lat)
        assert np.isfinite([x[0], y[0]]).all()
        assert np.isnan(x[1:]).all() and np.isnan(y[1:]).all()


@pytest.mark.parametrize("spelling", ["GCJ-02", "gcj02", "Gcj_02", "GCJ 02"])
def test_the_datum_may_be_spelt_in_any_customary_way(spelling):
    assert to_wgs84(119.4, 32.4, spelling) == gcj02_to_wgs84(119.4, 32.4)


def test_wgs84_passes_and_bd09_is_converted():
    assert [float(v) for v in to_wgs84(119.4, 32.4, "WGS-84")] == [119.4, 32.4]
    assert to_wgs84(119.4, 32.4, "BD-09") == bd09_to_wgs84(119.4, 32.4)


def test_an_unknown_datum_is_refused_by_name():
    with pytest.raises(ValueError, match='expected "WGS-84", "GCJ-02" or "BD-09", got "CGCS2000"'):
        to_wgs84(119.4, 32.4, "CGCS2000")


def test_swapped_points_are_suspected_and_only_those():
    lon = [119.4, 32.4, 0.0, np.nan, 32.4]
    lat = [32.4, 119.4, 0.0, 32.4, 50.0]
    assert swap_suspects(lon, lat, YANGZHOU).tolist() == [False, True, False, False, False]
