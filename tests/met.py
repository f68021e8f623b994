"""What a property test, or one that compares two ways, must have met: else it may have held for want of a case."""

import functools
import gc
import inspect
import sys
from collections import Counter


def must_meet(*cases, times=1):
    """Gives a property test ``met``, a Counter over all examples; it fails where one of ``cases`` was too seldom.

    Stands above ``given``. What chance brings seldom is given as an ``example`` besides.
    """

    def counting(property_test):
        signature = inspect.signature(property_test)
        others = [parameter for name, parameter in signature.parameters.items() if name != "met"]

        @functools.wraps(property_test)
        def run(*given, **named):
            met = Counter()
            property_test(*given, met=met, **named)
            assert not [case for case in cases if met[case] < times], f"never met {times} times; met were {dict(met)}"

        run.__signature__ = signature.replace(parameters=others)
        return run

    return counting


def counted(monkeypatch, place, name):
    """Lets a function of a module or class count its calls: the Counter has them under its name."""
    calls, called = Counter(), getattr(place, name)

    @functools.wraps(called)
    def counting(*given, **named):
        calls[name] += 1
        return called(*given, **named)

    monkeypatch.setattr(place, name, counting)
    return calls


def work_of(deed):
    """How many calls, of Python and of C, a deed makes: the same on every machine, however busy."""
    calls = Counter()

    def note(_frame, event, _given):
        calls[event] += 1

    before, collects = sys.getprofile(), gc.isenabled()
    # What a collection calls is not the deed's.
    gc.disable()
    sys.setprofile(note)
    try:
        deed()
    finally:
        sys.setprofile(before)
        if collects:
            gc.enable()
    return calls["call"] + calls["c_call"]
