"""Orders on their way to devices: one at a time a device, the others in a queue, each ended exactly once.

    command line -> control socket -> COMMAND entry -> engine -> state.db -> queue -> the device's session
                                      RESULT entry <- (answer, time, cancellation) <-'

* ``lines.py``     what the queue needs of whoever reaches devices: :class:`~gateway.commands.reach.Line` for a session,
  :class:`~gateway.commands.reach.Delegate` for a protocol that does its orders itself (a carrier's location service).
* ``patience.py``  how long to wait for an answer, how often to say it again.
* ``queue.py``     the queue, plain memory with time as an argument.
* ``dispatch.py``  the queue between intake (who is there, what came back) and the journal (how it ended).
* ``wish.py``       an order as it is asked for.
* ``own_orders.py`` what the engine wishes becomes an order, too.
* ``accept.py``    an officer's wish checked against the configuration and the family's table of orders.
* ``fences.py``    a zone's places as the shapes of a fence order.
* ``line.py``       the command line.
* ``words.py``     commands for people and for scripts.

A protocol that does its orders itself::

    dispatcher.delegates["mlp"] = poller          # before the daemon listens

    class Poller:                                  # implements Delegate
        def undertake(self, command: Command) -> None: ... # start; later dispatcher.ended(command.id, End.DONE, "text")
        def drop(self, command: Command) -> None: ...     # expired or cancelled: forget it, say nothing

``dispatcher.ended`` may be called at once, from within ``take``, too. Expiry is the queue's: a delegate needs no timer
for it. Its table of orders is that of its family in ``protocols/registry.py``.
"""
