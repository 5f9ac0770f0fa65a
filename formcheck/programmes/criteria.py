"""The physiotherapist's criteria for the next level: met, not met or not known yet. A person decides about the level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from formcheck.programmes.programme import Criterion, ExerciseDone, Programme, met

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formcheck.model.entities import SessionOverview


def exercise_done(session: SessionOverview, exercise: str) -> ExerciseDone | None:
    """Sum up one exercise of a session over all its finished sets.

    Parameters
    ----------
    session : SessionOverview
        The session.
    exercise : str
        Id of the exercise.

    Returns
    -------
    ExerciseDone or None
        None without a finished set. Pain is the worst before the session, during the exercise or the next morning.
    """
    sets = [one for one in session.sets if one.exercise == exercise and one.state == "finished"]
    if not sets:
        return None
    summaries = [summary for one in sets if (summary := one.summary) is not None]
    answers = [answer for answer in session.answers if answer.exercise in (None, exercise)]
    pain = [answer.value for answer in answers if answer.question.startswith("pain")]
    exertion = [answer.value for answer in answers if answer.question == "exertion"]
    counted, small = sum(one.rep_count for one in sets), sum(one.partial_count for one in sets)
    judged, clean = (sum(summary[name] for summary in summaries) for name in ("judged", "clean"))
    return ExerciseDone(
        counted_share=counted / (counted + small) if counted + small else None,
        clean_share=clean / judged if judged else None,
        pain=max(pain, default=None),
        exertion=max(exertion, default=None),
    )


def criteria_met(programme: Programme, newest_first: Sequence[SessionOverview]) -> list[tuple[Criterion, bool | None]]:
    """Check each criterion of a programme against the sessions in its time.

    Parameters
    ----------
    programme : Programme
        The programme.
    newest_first : sequence of SessionOverview
        The person's sessions.

    Returns
    -------
    list of (Criterion, bool or None)
        Whether the criterion is met; None while that is not known.
    """
    within = [session for session in newest_first if programme.week_of(session.day) is not None]
    out = []
    for criterion in programme.criteria:
        done = (exercise_done(session, criterion.exercise) for session in within)
        out.append((criterion, met(criterion, [one for one in done if one is not None])))
    return out
