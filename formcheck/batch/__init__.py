"""Many videos to records, on processes of this machine or on a Dask cluster.

``jobs`` reads what is to be done, ``run`` does what of it is new, ``workers`` are who does it, ``summary`` and
``page`` say what came of it.
"""
