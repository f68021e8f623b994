"""A carrier of one's own: a small location server (MLP) that stands in for a real one on a loopback port.

* ``subscriber.py``  who can be located: where and when, how sure, when absent.
* ``population.py``  made-up subscribers around a town.
* ``request.py``     what is asked: a ``slir`` read.
* ``answer.py``      the answer in XML, in every shape and dialect.
* ``faults.py``      what a carrier does wrong: busy, slow, garbage, stale.
* ``server.py``      the server.
"""
