"""A county's journal on its way to the city: read as it grows, split, and appended to the streams of its partitions.

It is a process beside the gateway, which only reads. How far it has come stands in the streams themselves, in the
header of each one's last message, so that whenever it is killed nothing is lost and nothing comes twice.
"""
