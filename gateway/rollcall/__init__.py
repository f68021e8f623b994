"""A roll call: many people are asked together where they are, and each then stands in one of five lists.

* ``selection.py`` whom it is to be about, as it is asked for.
* ``choice.py``   who that is: a level, an office, a random share that anybody can draw again by its seed.
* ``roster.py``   everybody whom a configuration knows, as columns, made once a configuration.
* ``standing.py`` who may be asked at a time, and what keeps the others from it: authority, leave, hospital, repair.
* ``limits.py``   how often a day, the quiet hours, and how many phones a carrier still locates.
* ``call.py``     one roll call: what is told of it for ever, and how its orders stand.
* ``reasons.py``  the five lists, and why somebody stands in one.
* ``lists.py``    in which list each one stands, why, and since when.

Columns and plain data: no clock, no socket, no store. The orders are ordinary ones, given by the daemon.
"""
