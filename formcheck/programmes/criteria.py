"""What sessions say about the physiotherapist's criteria for the next level: met, not met, not known. A human decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.programmes.programme import Criterion, ExerciseDone, Programme, met

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.model.entities import SessionOverview


def exercise_done(session: SessionOverview, exercise: str) -> ExerciseDone | None:
    """Return one exercise of a session over all its finished sets, None when it was not done.

    Pain is the worst that was reported before the session, during the exercise or the next morning.
    """
    sets = [one for one in session.sets if one.exercise == exercise and one.state == "finished"]
    if not sets:
        return None
    summaries = [summary for one in sets if (summary := one.summary) is not None]
    said = [answer for answer in session.answers if answer.exercise in (None, exercise)]
    pain = [answer.value for answer in said if answer.question.startswith("pain")]
    exertion = [answer.value for answer in said if answer.question == "exertion"]
    counted, small = sum(one.rep_count for one in sets), sum(one.partial_count for one in sets)
    judged, clean = (sum(summary[name] for summary in summaries) for name in ("judged", "clean"))
    return ExerciseDone(
        counted_share=counted / (counted + small) if counted + small else None,
        clean_share=clean / judged if judged else None,
        pain=max(pain, default=None),
        exertion=max(exertion, default=None),
    )


def criteria_met(programme: Programme, newest_first: Sequence[SessionOverview]) -> list[tuple[Criterion, bool | None]]:
    """Return each criterion with whether it is met by what was done in the programme's time; None: not known yet."""
    within = [session for session in newest_first if programme.week_of(session.day) is not None]
    out = []
    for criterion in programme.criteria:
        done = (exercise_done(session, criterion.exercise) for session in within)
        out.append((criterion, met(criterion, [one for one in done if one is not None])))
    return out
