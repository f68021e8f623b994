"""Of a person whose places were erased nothing is taken in any more of before; of a later wearing all is."""

from __future__ import annotations

from timeline import FOREVER, at, authority, county

from gateway.intake.directory import Directory, index
from gateway.settings.model import Assignment

WORN = (
    Assignment("B0001", "P0001", at(-30, 0), at(0, 12)), Assignment("B0001", "P0002", at(0, 12), at(2, 0)),
    Assignment("B0001", "P0001", at(2, 0), FOREVER), Assignment("B0002", "P0001", at(-60, 0), at(-31, 0)),
)  # fmt: skip
COUNTY = county(assignments=WORN, authorities=(authority("P0001"), authority("P0002")))
MOMENTS = [at(-1, 0), at(0, 13), at(2, 1)]


def lawful(directory: Directory) -> list[bool]:
    return [directory.lawful("B0001", moment) for moment in MOMENTS]


def test_times_before_the_erasure_are_nobodys_and_those_of_others_and_of_after_it_as_before():
    assert lawful(Directory(COUNTY, b"secret")) == [True, True, True]
    assert lawful(Directory(COUNTY, b"secret", {"P0001": at(1, 0)})) == [False, True, True]
    assert lawful(Directory(COUNTY, b"secret", {"P0001": at(2, 0.5), "P0009": at(3, 0)})) == [False, True, True]
    assert Directory(COUNTY, b"secret", {"P0001": at(2, 0.5)}).span("B0001", at(2, 0.4)) is None


def test_it_stays_so_under_another_configuration_whoever_works_that_out():
    directory = Directory(COUNTY, b"secret", {"P0001": at(1, 0)})
    directory.follow(county(assignments=WORN))
    assert lawful(directory) == [False, True, True]
    directory.follow(COUNTY, index(COUNTY, directory.erased))
    assert lawful(directory) == [False, True, True]
