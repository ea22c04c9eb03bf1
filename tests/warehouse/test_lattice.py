"""Grid ids in themselves: stable, distinct, and holding their points."""

import h3
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.lattice import NO_GRID, grid_cell, grid_id, h3_cells, local_lonlat, local_metres

ORIGIN = (119.412, 32.394)


def test_local_metres_know_the_length_of_a_degree_at_32_north():
    x, y = local_metres([ORIGIN[0], ORIGIN[0] + 1], [ORIGIN[1] + 1, ORIGIN[1]], ORIGIN)
    assert x[0] == 0 and y[1] == 0
    assert x[1] == pytest.approx(94_071, abs=30)
    assert y[0] == pytest.approx(110_892, abs=30)


@settings(deadline=None)
@given(st.floats(118.9, 120.0), st.floats(32.1, 33.5))
def test_local_metres_invert(lon, lat):
    back = local_lonlat(*local_metres(lon, lat, ORIGIN), ORIGIN)
    assert [float(v) for v in back] == pytest.approx([lon, lat], abs=1e-11)


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


@pytest.mark.parametrize("resolution", [8, 9])
def test_h3_cells_are_those_of_the_library(resolution):
    random = np.random.default_rng(3)
    lon, lat = random.uniform(118.9, 120.0, 200), random.uniform(32.1, 33.5, 200)
    theirs = [h3.latlng_to_cell(y, x, resolution) for x, y in zip(lon, lat, strict=True)]
    lon[7] = lat[11] = np.nan
    theirs[7] = theirs[11] = None
    assert h3_cells(lon, lat, resolution).to_pylist() == theirs


def test_no_points_no_h3_cells():
    assert h3_cells(np.array([]), np.array([]), 8).to_pylist() == []
    assert h3_cells(np.array([np.nan]), np.array([np.nan]), 8).to_pylist() == [None]
