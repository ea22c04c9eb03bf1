"""Datums against the reference package, the inverse against the forward direction, grids in themselves."""

import coordTransform as reference
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from etl.geo import (
    NO_GRID,
    bd09_to_wgs84,
    gcj02_to_wgs84,
    grid_cell,
    grid_id,
    local_lonlat,
    local_metres,
    swap_suspects,
    to_wgs84,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)

ORIGIN = (119.412, 32.394)
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
    wgs = gcj02_to_wgs84(119.412, 32.394)
    x, y = local_metres(*wgs, ORIGIN)
    assert np.hypot(x, y) == pytest.approx(556, abs=1)


@settings(deadline=None)
@given(LON_IN_CHINA, LAT_IN_CHINA)
def test_gcj02_round_trip_is_within_a_centimetre(lon, lat):
    shifted = wgs84_to_gcj02(lon, lat)
    assume(73.66 < shifted[0] < 135.05 and 3.86 < shifted[1] < 53.55)
    assert metres_apart(gcj02_to_wgs84(*shifted), (lon, lat)) < 0.01


@settings(deadline=None)
@given(LON_IN_CHINA, LAT_IN_CHINA)
def test_bd09_round_trip_is_within_a_centimetre(lon, lat):
    shifted = wgs84_to_gcj02(lon, lat)
    assume(73.67 < shifted[0] < 135.04 and 3.87 < shifted[1] < 53.54)
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


def test_local_metres_know_the_length_of_a_degree_at_32_north():
    x, y = local_metres([ORIGIN[0], ORIGIN[0] + 1], [ORIGIN[1] + 1, ORIGIN[1]], ORIGIN)
    assert x[0] == 0 and y[1] == 0
    assert x[1] == pytest.approx(94_071, abs=30)
    assert y[0] == pytest.approx(110_892, abs=30)


@settings(deadline=None)
@given(st.floats(118.9, 120.0), st.floats(32.1, 33.5))
def test_local_metres_invert(lon, lat):
    back = local_lonlat(*local_metres(lon, lat, ORIGIN), ORIGIN)
    assert metres_apart(back, (lon, lat)) < 1e-6


@settings(deadline=None)
@given(st.floats(-80_000, 80_000), st.floats(-80_000, 80_000), st.sampled_from([50, 200, 500]))
def test_the_cell_of_an_id_holds_its_point(x, y, size_m):
    ids = grid_id(x, y, size_m)
    size, west, south = grid_cell(ids)
    assert size == size_m
    assert west <= x < west + size_m and south <= y < south + size_m
    assert 0 <= int(ids) < 2**53


def test_ids_are_the_same_next_year():
    assert grid_id([0, 49.999, 50, -0.001], [0, 0, 0, 0], 50).tolist() == [
        55525337726976,
        55525337726976,
        55525338775552,
        55525336678400,
    ]


def test_ids_of_two_sizes_never_meet():
    x = np.arange(-5000, 5000, 10.0)
    assert not set(grid_id(x, x, 50).tolist()) & set(grid_id(x, x, 500).tolist())


def test_no_point_no_cell():
    ids = grid_id([np.nan, 1e12, 0], [0, 0, np.nan], 50)
    assert ids.tolist() == [NO_GRID] * 3
    size, west, _ = grid_cell(ids)
    assert size.tolist() == [0, 0, 0] and np.isnan(west).all()


@pytest.mark.parametrize("size_m", [0, -50, 5000])
def test_an_impossible_grid_size_is_refused(size_m):
    with pytest.raises(ValueError, match="whole number of metres from 1 to 4095"):
        grid_id(0.0, 0.0, size_m)


def test_swapped_points_are_suspected_and_only_those():
    lon = [119.4, 32.4, 0.0, np.nan, 32.4]
    lat = [32.4, 119.4, 0.0, 32.4, 50.0]
    assert swap_suspects(lon, lat, YANGZHOU).tolist() == [False, True, False, False, False]
