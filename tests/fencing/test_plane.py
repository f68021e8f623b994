"""The local plane: true lengths near the centre, exact round trips, the same bits in any batch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from fencing.plane import LocalPlane

CENTRE = 24.326, 109.428
plane = LocalPlane(*CENTRE)
near = st.tuples(st.floats(23.3, 25.3), st.floats(108.4, 110.4))


def test_the_centre_is_the_origin():
    assert plane.forward(*CENTRE) == pytest.approx((0.0, 0.0), abs=1e-9)


def test_east_is_x_and_north_is_y():
    assert plane.forward(24.327, 109.428) == pytest.approx((0.0, 110.77), abs=0.05)
    assert plane.forward(24.326, 109.429) == pytest.approx((101.46, 0.0), abs=0.05)


@given(near)
def test_distances_from_the_centre_are_geodesic(place):
    x, y = plane.forward(*place)
    _, _, metres = Geod(ellps="WGS84").inv(CENTRE[1], CENTRE[0], place[1], place[0])
    assert np.hypot(x, y) == pytest.approx(metres, rel=1.3e-4, abs=1e-6)


@given(near)
def test_round_trip(place):
    assert plane.inverse(*plane.forward(*place)) == pytest.approx(place, abs=1e-11)


def test_a_batch_gives_the_bits_of_its_points():
    latitude, longitude = np.random.default_rng(3).uniform((23.0, 108.0), (26.0, 111.0), (500, 2)).T
    x, y = plane.forward(latitude, longitude)
    single = np.array([plane.forward(float(a), float(b)) for a, b in zip(latitude, longitude, strict=True)])
    assert np.column_stack((x, y)).tobytes() == single.tobytes()
    back = np.array([plane.inverse(float(a), float(b)) for a, b in single])
    assert np.column_stack(plane.inverse(x, y)).tobytes() == back.tobytes()


def test_what_is_no_place_is_nan():
    assert np.isnan(plane.forward(np.array([np.nan, 24.0]), np.array([109.0, np.inf]))).all()


@pytest.mark.parametrize("origin", [(91.0, 0.0), (np.nan, 0.0), (24.0, np.inf)])
def test_an_origin_must_be_on_earth(origin):
    with pytest.raises(ValueError, match="no origin of a plane"):
        LocalPlane(*origin)
