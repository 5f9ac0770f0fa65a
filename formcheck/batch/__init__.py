"""Many videos to records, on processes of this machine or on a Dask cluster.

``jobs`` reads the list of videos. ``run`` analyses the new ones. ``workers`` are the processes or machines that analyse.
``summary`` and ``page`` report the results. ``upload`` sends one uploaded video to a cluster.
"""
