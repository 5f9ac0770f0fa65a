"""Measures over the counted repetitions of a set."""

from __future__ import annotations

import numpy as np

from formcheck.model.records import Rep, Statistic


def rep_statistics(reps: list[Rep]) -> dict[str, Statistic]:
    """Return each measure over the counted repetitions.

    Parameters
    ----------
    reps : list of Rep
        Small ones are left out.

    Returns
    -------
    dict
        Mean, standard deviation and drift by the name of the measure; no entry for a measure that was never measured.
    """
    counted = [rep for rep in reps if rep.counted]
    out = {}
    for name in counted[0].measures if counted else ():
        values = [value for rep in counted if (value := rep.measures.get(name)) is not None]
        if values:
            drift = float(np.mean(values[-3:]) - np.mean(values[:3])) if len(values) >= 6 else None
            out[name] = Statistic(
                mean=round(float(np.mean(values)), 3),
                sd=round(float(np.std(values, ddof=1)), 3) if len(values) > 1 else None,
                drift=None if drift is None else round(drift, 3),
            )
    return out
