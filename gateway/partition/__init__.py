"""One county's log as N logs, so that N engines say together what one says: no clock, no chance, no store, no loop.

* ``homes.py``    of which partition a person, or a device, is for ever.
* ``placed.py``   where devices and people are needed by a configuration.
* ``kinds.py``    where each kind of entry goes.
* ``router.py``   entries to partitions, on columns.
* ``part.py``     the part of a configuration that a partition needs.
* ``owned.py``    which outcomes a partition may tell.

A person is of one partition, by a hash of his id, whatever the registers do. An engine decides of all devices of a
group together (devices that share a wearer, now or lately), so a group goes whole to every partition
of which one of its wearers is; the others are guests there, and nothing is told of them. Of a pair that a rule speaks
of the first one's partition decides, so that the other's group goes there, too. A device that nobody wears for now goes
everywhere; what is said of it alone, a hash of its key says who tells.
"""
