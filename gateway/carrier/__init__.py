"""Phones located by their carrier: who is asked next, and the asking.

* ``quota.py``     how many requests any minute and any day may have.
* ``schedule.py``  whose turn it is: pure, time as an argument.
* ``subjects.py``  which phones there are, how often each is due, and whether the law lets us ask.
* ``channel.py``   one phone's visit, as intake sees it.
* ``poller.py``    the asking: HTTP out, answers into intake. The only shell.
* ``carriers.py``  all carriers together, and the orders for their phones.
"""
