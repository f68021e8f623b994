"""What is assumed of radio, of streets and of those who walk them, each with its physics or where it was measured.

Ottawa: 14 drives with one LTE phone, serving cell, level and timing advance. Doha: four drives with a GSM phone, all
cells heard, and an extract of OpenCelliD. Each drive was tried with what the others of its set teach.
"""

from __future__ import annotations

from typing import Final

import numpy as np

PLACE: Final = 50.0
"""Metres of a learnt place's side: about three times a street fix's error (Ottawa: 15 m)."""
FIX: Final = 15.0
"""Metres per axis of a street fix (Ottawa)."""
SMOOTH: Final = 20.0
"""Metres over which places lend each other their counts: a street fix's 15 m and a side's 50 / sqrt 12 together."""
PLACES_A_CELL: Final = 64
"""Places kept for a cell, those where it was heard most: with 32 bytes each 2 kB a cell at most."""
WEARERS: Final = 3
"""Wearers who must have heard a cell, and reported from a place, before others may learn of it (law)."""
A_WEARER: Final = 10
"""Reports of one wearer from one place that teach: none outweighs the others, and a place's mean is nobody's home."""
AT_ONCE: Final = 65_536
"""Reports, and pairs of a cell and a place, that are learnt of at a time: memory goes by what there is to be known."""
PSEUDO: Final = 2.0
"""Reports for which the database counts at any place."""
CERTAIN: Final = 1e18
"""How often likelier own reports of one cell may make a place than the database: SLOTS of these are still a number."""
LEVEL_SPREAD: Final = 6.0
"""dB by which levels scatter within a place until it has its own history (body, street and fading together)."""
LEVEL_PSEUDO: Final = 1.0
"""Reports for which that counts."""
ADVANCE_SPREAD: Final = 60.0
"""Metres of scatter of a distance from timing advance: a coarse step's rounding (156 / sqrt 12) and reflections."""
MENTIONED: Final = 0.2
"""Smoothed reports with a timing advance below which a place has none."""
UNTOLD: Final = -0.5
"""Logarithm of what a missing advance counts: a fit at one sigma."""
TELLING: Final = 20
"""Comparisons from which on a device's loudness is believed: their median is then within 2 dB."""
STEPS: Final = (78.07, 156.14, 234.21, 312.28)
"""Metres that devices call a step: LTE's 16 Ts one way (3GPP TS 36.213, 4.2.3), or some of them."""
COMPARED: Final = 2000
"""Reports of a device that are compared in pairs for its step, the newest."""
WRONG: Final = 1e-4
"""Share of impossible pairs that wrong fixes may account for. Ottawa: 2e-3 at 78 m, none at 156 m."""
SLOTS: Final = 16
"""Cells of a scan that are looked at, the first: GSM states seven, a phone of today some ten."""
APART: Final = 300.0
"""Metres from the middle of where an access point is heard beyond which that was another place: a hundred of radio, and
two fixes' errors in a street."""
STRAY: Final = 0.1
"""Share of reports that may be that far off by wrong fixes alone; a point with more does not stay where it is."""
MATES: Final = 10
"""A GSM network numbers the cells of a site alike but for the last digit. In Doha's extract such cells lie 690 m apart
in the middle, which is what their few sightings make of one mast."""
SURROUNDINGS: Final = 100_000.0
"""Metres from the plane's origin beyond which a database's position is none: a cell is heard some 35 km away at most
(GSM's timing advance), and a county is smaller than the rest."""
DRAWN: Final = 0.25
"""Part by which a cell's stated place is drawn to the median of its mates: each is the middle of its own few sightings.
Doha: 216 m without, 199 m with it."""
CHANCE: Final = 0.005
"""Chance, a dB, of hearing a cell where the database has it: one in ten to be reported, over some 20 dB."""
REACH: Final = 300.0
"""Metres from the database's position to where a scan's strongest cell is heard."""
DECADE: Final = 40.0
"""dB below the strongest for ten times as far (path loss of a town, Hata 1980: 35 to 45)."""
FARTHEST: Final = 3000.0
"""Bound of that distance in metres."""
UNKNOWN_BELOW: Final = 20.0
"""dB below the strongest at which a cell without a level is taken: the middle of what a scan reports."""
FALL: Final = 3.0
"""Power of the distance with which that chance falls far off: Cauchy in two dimensions, (1 + d^2 / s^2)^(-3/2). One
position of the database in ten is kilometres off."""
SITE: Final = 196.0
"""Metres by which the database's answer errs however many cells were heard: neighbours share sites, and roads."""
ALONE: Final = 450.0
"""Metres, of each cell by itself, beside that: what averages. Doha, by the loudest 14, 8, 4, 2, 1 cells of each scan:
r67 holds 64, 66, 64, 67, 70 %, where one figure for all held 64, 64, 60, 57, 53 %."""
TOGETHER: Final = 4.0
"""Cells of one scan worth as much as independent ones: they share the street, the body and the moment."""
FAMILIAR: Final = 0.5
"""Power of visits in the prior of a place: often reported places are likelier, but the past does not own the future."""
SPEED: Final = 8.0
"""Metres a second between scans: town traffic."""
START: Final = 10.0
"""Metres between scans of a device that stands: a fix's jitter."""
LOST: Final = 0.05
"""Chance that the belief before was wrong."""
FIELD: Final = 2.0e6
"""Square metres over which the device then may be anywhere."""
HYPOTHESES: Final = 16
"""Places that a belief keeps."""
CANDIDATES: Final = 32
"""Learnt places considered for a scan."""
STEP: Final = 1.7
"""Standard deviations between the points around the database's answer: nine of them then spread as the answer does."""
GRID_X: Final = STEP * np.repeat([-1.0, 0.0, 1.0], 3)
GRID_Y: Final = STEP * np.tile([-1.0, 0.0, 1.0], 3)
GRID: Final = len(GRID_X)
"""Those points."""
TRODDEN: Final = 0.05
"""Share of unvisited ground where a bracelet would be at all: streets, yards and the houses by them."""
ROUNDS: Final = 12
"""Rounds of reweighting; the answer then moves by less than a few metres."""
AGE: Final = 100.0
"""Metres that no scan's radius does without: it is some 12 s old (Doha), at SPEED."""
R67: Final = 0.67
"""Radius that holds 67 in 100, as a multiple of a belief's spread; Ottawa and Doha together."""
R95: Final = 1.60
"""The same of 95 in 100."""
REACH_POINT: Final = 30.0
"""Metres per axis from an access point to whoever just hears it through walls; of an unknown level as well. A path loss
of 25 to 35 dB a decade, a wall of 3 to 6 dB each 12 m and 7 to 10 dB of scatter make 30 to 33 m of it at FAINT."""
FAINT: Final = -90.0
"""dBm at which a receiver just understands a beacon (IEEE 802.11 at 1 Mbit/s, chips of today)."""
POINT_DECADE: Final = 50.0
"""dB louder for a tenth of the distance: such radio has 27 m at -85, 15 m at -70, 5 m at -50 dBm."""
NEAREST: Final = 3.0
"""Metres per axis below which no level brings a listener: a table away and a body between."""
FARTHEST_POINT: Final = 60.0
"""Bound of that distance: no level is so faint that a beacon is heard from farther."""
BOX: Final = 16
"""An access point numbers its networks alike but for the last hexadecimal digit."""
TELLING_APART: Final = 4.0
"""Two points heard at one place lie nearer together than so many times the sum of their distances per axis."""
POINT_TAIL: Final = 4.0
"""Degrees of freedom of those distances: a table's places and walls err more often than a normal distribution says."""
LOUDER: Final = 7.0
"""dB for which a place counts ten times as much in where a point stands: where it is loud it is near."""
OUR_FIXES: Final = 10.0
"""Metres per axis by which a place's fixes err together, whoever makes them: walls throw the same echoes. Beside what
averages (FIX)."""
PRIOR: Final = 4.0
"""Distances that agree with what is assumed of radio, beside those of a report: with more, these say how wide it is."""
ONE_SIDE: Final = 5.5
SPREADS: Final = 0.06
"""Metres per axis by which points err together, and the part of the variance of where they stand that they do: a
listener has a street or a courtyard on one side."""
LONE: Final = 1.15
"""Factor on the distance from a point that no other confirms."""
