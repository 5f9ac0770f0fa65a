"""The fields of a programme: the main ones on top, limits and rules folded away. Each change goes into the draft at once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, get_args

import streamlit as st

from formcheck.app import programmes, services
from formcheck.app.drafts import MOST_GOALS, MOST_ROWS, Draft, ExerciseDraft
from formcheck.app.views import plain, small
from formcheck.errors import FormcheckError
from formcheck.i18n import LANGUAGES, Translator, error_text
from formcheck.i18n.numbers import MISSING, number
from formcheck.programmes import progression
from formcheck.programmes.programme import RATING_WEEKS, CriterionKind
from formcheck.programmes.wording import prescription_words
from formcheck.spec.levels import LEVELS, Support
from formcheck.spec.prescription import DEFAULT_REST_S, RuleSetting

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from formcheck.model.entities import GoalRating
    from formcheck.spec.prescription import ConditionLimits
    from formcheck.spec.rules import Condition, Rule

SIDES = ("left", "right", "both")
SUPPORTS = get_args(Support)
NO_LEVEL = ""
LANGUAGE_OF_PAGE = "page"
DEPTH_DEG = (20.0, 150.0)
"""Bounds of a prescribed depth (knee flexion, deg); default."""
CRITERIA: tuple[CriterionKind, ...] = get_args(CriterionKind)
USUAL_LIMITS = {"counted_share": 90, "clean_share": 80, "pain_at_most": 2, "exertion_at_most": 4}
"""Placeholders of the empty fields for a limit (clinical-rules 8, progression)."""
STEPS = {"deg": 1.0, "ratio": 0.05, "s": 0.1, "count": 1.0}
"""Steps of the fields for a rule's limits, by unit; default."""
SOME_DAYS = timedelta(days=3650)
"""How far from today and from the programme a date can be chosen; default."""


def show(t: Translator, draft: Draft, ratings: list[GoalRating], today: date, *, fallen: bool, own: bool) -> None:
    """Show all fields of a draft.

    ``ratings``: of its goals; ``fallen``: the person said at the first start that they fell.
    ``own``: the user edits their own programme.
    """
    key = f"{draft.id}-{t.language}"
    draft.title = st.text_input(t("programme.name"), draft.title, max_chars=120, key=f"title-{key}")
    start, end, days = st.columns(3)
    earliest, latest = min(draft.start, today) - SOME_DAYS, max(draft.end, today) + SOME_DAYS
    draft.start = start.date_input(
        t("programme.start"), draft.start, earliest, latest, key=f"start-{key}", format="DD/MM/YYYY"
    )
    draft.end = end.date_input(t("programme.end"), draft.end, earliest, latest, key=f"end-{key}", format="DD/MM/YYYY")
    draft.days_a_week = days.number_input(t("programme.days"), 1, 7, draft.days_a_week, key=f"days-{key}")
    if draft.end < draft.start:
        st.error(t("programme.end_first"), icon=":material/error:")
    st.markdown(f"**{t('programme.exercises')}**")
    for place, row in enumerate(draft.rows):
        _row(t, draft, row, place, fallen)
    _add(t, draft, key)
    st.markdown(f"**{t('programme.goals_own' if own else 'programme.goals')}**")
    _goals(t, draft, ratings, key)
    _tests(t, draft, key)
    notes = t("programme.notes_own" if own else "programme.notes")
    draft.notes = st.text_area(notes, draft.notes, max_chars=4000, key=f"notes-{key}")
    with st.expander(t("programme.more"), icon=":material/tune:"):
        draft.pain_stop = st.number_input(
            t("programme.pain_stop"), 0, 10, draft.pain_stop, key=f"pain-{key}", help=t("programme.pain_stop_help")
        )
        spoken = st.segmented_control(
            t("programme.cue_language"),
            [LANGUAGE_OF_PAGE, *LANGUAGES],
            default=draft.cue_language or LANGUAGE_OF_PAGE,
            required=True,
            key=f"cues-{key}",
            format_func=lambda name: t(f"programme.language.{name}"),
        )
        draft.set_cue_language(None if spoken == LANGUAGE_OF_PAGE else spoken)


def _add(t: Translator, draft: Draft, key: str) -> None:
    if len(draft.rows) >= MOST_ROWS:
        small(t("programme.most", n=MOST_ROWS))
        return
    names = services.exercise_names(t.language)
    chosen = st.selectbox(
        t("programme.add"),
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder=t("programme.add_which"),
        key=f"add-{key}-{len(draft.rows)}",
    )
    if chosen is not None:
        draft.add(chosen)
        st.rerun()


def _goals(t: Translator, draft: Draft, ratings: list[GoalRating], key: str) -> None:
    """Show the fields for the goals in the person's own words, and how each was rated."""
    for place in range(min(len(draft.goals) + 1, MOST_GOALS)):
        goal = draft.goals[place] if place < len(draft.goals) else None
        text = st.text_input(
            t("programme.goal", n=place + 1),
            goal.text if goal else "",
            max_chars=500,
            label_visibility="collapsed",
            placeholder=t("programme.goal_example"),
            key=f"goal-{goal.id if goal else f'new-{place}'}-{key}",
        )
        if text.strip() != (goal.text if goal else ""):
            draft.set_goal(place, text)
            st.rerun()
        if goal is not None:
            said = {one.week: one.value for one in ratings if one.goal == goal.id}
            if said:
                small(rated(t, said))


def rated(t: Translator, said: dict[int, int]) -> str:
    """Return how a goal was rated in the weeks, in one line, with a dash for a week that was not rated."""
    told = {week: t("programme.rated.of_ten", value=value) for week, value in said.items()}
    return " · ".join(t(f"programme.rated.week_{week}", value=told.get(week, MISSING)) for week in RATING_WEEKS)


def _tests(t: Translator, draft: Draft, key: str) -> None:
    names = services.exercise_names(t.language)
    offered = [name for name in names if programmes.is_test(name) or name in draft.tests]
    draft.tests = st.multiselect(
        t("programme.tests"),
        offered,
        draft.tests,
        format_func=names.__getitem__,
        max_selections=5,
        key=f"tests-{key}",
        help=t("programme.tests_help"),
        placeholder=t("programme.tests_none"),
    )


# One exercise


def _row(t: Translator, draft: Draft, row: ExerciseDraft, place: int, fallen: bool) -> None:
    said = prescription_words(row.prescription(), t)
    title = " · ".join(part for part in (f"{place + 1}. {said.name}", said.level) if part)
    shown = st.expander(title, row.open, key=f"row-{row.id}-{t.language}", on_change="rerun")
    if bool(shown.open) != row.open:  # kept in the draft, since another title or place would fold it
        row.open = bool(shown.open)
        st.rerun()
    if not row.open:
        return
    key = f"{row.id}-{row.turn}-{t.language}"
    with shown:
        _what(t, row, key, fallen)
        _how_much(t, row, key)
        notes = st.text_input(
            t("programme.row_notes"), row.values.get("notes", ""), max_chars=1000, key=f"row-notes-{key}"
        )
        row.set("notes", notes.strip() or None)
        with st.container(horizontal=True):
            with st.popover(t("programme.how"), icon=":material/straighten:"):
                _how(t, row, key)
            with st.popover(t("programme.criteria.title"), icon=":material/stairs:"):
                _criteria(t, row, key)
            with st.popover(t("programme.rules.title"), icon=":material/rule:"):
                _rules(t, row, key)
        with st.container(horizontal=True):
            for name, by, icon in (("up", -1, "arrow_upward"), ("down", 1, "arrow_downward")):
                if st.button(
                    t(f"programme.{name}"),
                    key=f"{name}-{row.id}",
                    type="tertiary",
                    icon=f":material/{icon}:",
                    disabled=not 0 <= place + by < len(draft.rows),
                ):
                    draft.move(row, by)
                    st.rerun()
            if st.button(t("programme.remove"), key=f"remove-{row.id}", type="tertiary", icon=":material/remove:"):
                draft.rows.remove(row)
                st.rerun()
        _validation_error(t, row)


def _validation_error(t: Translator, row: ExerciseDraft) -> None:
    """Show the error of a prescription that does not fit, before anything is saved."""
    try:
        row.prescription().check(row.exercise)
    except FormcheckError as error:
        st.error(error_text(error, t.language), icon=":material/error:")


def _what(t: Translator, row: ExerciseDraft, key: str, fallen: bool) -> None:
    """Show the fields for exercise and level. A level brings its support and depth."""
    names = services.exercise_names(t.language)
    what, level_at = st.columns(2)
    chosen = what.selectbox(
        t("train.exercise"),
        list(names),
        list(names).index(row.values["exercise"]),
        format_func=names.__getitem__,
        key=f"what-{key}",
    )
    if chosen != row.values["exercise"]:
        row.change_exercise(chosen)
        st.rerun()
    now = row.values.get("level", NO_LEVEL)
    levels = [NO_LEVEL, *(level.id for level in progression.offered(chosen, fallen))]
    if now not in levels:
        levels.append(now)
    if len(levels) > 1:
        level = level_at.selectbox(
            t("programme.level"),
            levels,
            levels.index(now),
            key=f"level-{key}",
            format_func=lambda name: LEVELS[name].name[t.language] if name else t("programme.free"),
        )
        if level != now:
            row.set_level(LEVELS.get(level))
            st.rerun()


def _how_much(t: Translator, row: ExerciseDraft, key: str) -> None:
    sets, amount, rest, load = st.columns(4)
    _number(row, "sets", sets, t("train.sets"), (1, 20, 1), 1, key)
    movement = row.exercise.movement
    clock_s = getattr(movement, "clock_s", None)
    if clock_s is not None:
        amount.markdown(t("train.timed", n=int(clock_s)))
    elif movement.kind == "hold_posture":
        _number(row, "hold_s", amount, t("train.seconds"), (1, 600, 5), None, key)
    else:
        _number(row, "repetitions", amount, t("train.repetitions"), (1, 200, 1), None, key)
    _number(row, "rest_s", rest, t("programme.rest"), (0, 600, 15), int(DEFAULT_REST_S), key)
    weight = load.number_input(
        t("programme.load"), 0.0, 300.0, float(row.values.get("load_kg", 0.0)), 0.5, key=f"load-{key}", format="%.1f"
    )
    row.set("load_kg", weight or None)


def _number(
    row: ExerciseDraft,
    name: str,
    place: DeltaGenerator,
    label: str,
    bounds: tuple[int, int, int],
    usual: int | None,
    key: str,
) -> None:
    """Show a field for a whole number; one left untouched changes nothing. ``bounds``: least, most, step."""
    low, high, by = bounds
    before = row.values.get(name, usual)
    shown = None if before is None else int(before)
    value = place.number_input(label, low, high, shown, by, key=f"{name}-{key}")
    if value != shown:
        row.set(name, value)


def _how(t: Translator, row: ExerciseDraft, key: str) -> None:
    """Show the fields for side, support, view, tempo and depth. An empty one is neither prescribed nor judged."""
    side = st.segmented_control(
        t("programme.side"),
        SIDES,
        default=row.values.get("side"),
        key=f"side-{key}",
        format_func=lambda name: t(f"programme.side_{name}"),
    )
    row.set("side", side)
    support = st.segmented_control(
        t("programme.support"),
        SUPPORTS,
        default=row.values.get("support"),
        key=f"support-{key}",
        format_func=lambda name: t(f"programme.support_{name}"),
        help=t("programme.support_help"),
    )
    row.set("support", support)
    views = [view for view in row.exercise.views if view != "oblique"]
    view = st.segmented_control(
        t("train.view"),
        views,
        default=row.values.get("view"),
        key=f"view-{key}",
        format_func=lambda name: t(f"train.view_{name}"),
    )
    row.set("view", view)
    if row.exercise.movement.kind != "hold_posture":
        _tempo(t, row, key)
    if services.judges_depth(row.exercise):
        _depth(t, row, key)


def _tempo(t: Translator, row: ExerciseDraft, key: str) -> None:
    given = row.values.get("tempo") or {}
    st.markdown(t("programme.tempo"))
    columns = st.columns(3)
    lows = {"eccentric_s": 0.5, "pause_s": 0.0, "concentric_s": 0.5}
    seconds = {
        name: column.number_input(
            t(f"programme.tempo_{name}"), low, 20.0, given.get(name), 0.5, key=f"{name}-{key}", format="%.1f"
        )
        for column, (name, low) in zip(columns, lows.items())
    }
    both = seconds["eccentric_s"] is not None and seconds["concentric_s"] is not None
    row.set("tempo", {**seconds, "pause_s": seconds["pause_s"] or 0.0} if both else None)
    if not both and any(value is not None for value in seconds.values()):
        small(t("programme.tempo_half"))


def _depth(t: Translator, row: ExerciseDraft, key: str) -> None:
    target_at, cap_at = st.columns(2)
    values = row.values
    target = target_at.number_input(
        t("programme.target"), *DEPTH_DEG, values.get("target_depth_deg"), 5.0, key=f"target-{key}", format="%.0f"
    )
    cap = cap_at.number_input(
        t("programme.cap"), *DEPTH_DEG, values.get("depth_cap_deg"), 5.0, key=f"cap-{key}", format="%.0f"
    )
    row.set("target_depth_deg", target)
    row.set("depth_cap_deg", cap)
    own = st.toggle(
        t("programme.own_depth"),
        values.get("own_depth", False),
        key=f"own-{key}",
        disabled=target is not None,
        help=t("train.depth_help"),
    )
    row.set("own_depth", own or None)


def _criteria(t: Translator, row: ExerciseDraft, key: str) -> None:
    """Show the fields for the criteria of the next level. The physiotherapist decides whether it follows."""
    small(t("programme.criteria.help"))
    for kind in CRITERIA:
        share = kind.endswith("_share")
        most, scale = (100, 100) if share else (10, 1)
        now = row.criteria.get(kind)
        value = st.number_input(
            t(f"programme.criteria.{kind}"),
            0,
            most,
            None if now is None else round(now * scale),
            key=f"{kind}-{key}",
            placeholder=t("programme.criteria.usual", value=USUAL_LIMITS[kind]),
        )
        if now is None or value != round(now * scale):
            row.set_criterion(kind, None if value is None else value / scale if share else value)
    row.sessions = st.number_input(t("programme.criteria.sessions"), 1, 10, row.sessions, key=f"sessions-{key}")


def _rules(t: Translator, row: ExerciseDraft, key: str) -> None:
    """Show a switch for each rule, and the limits of its conditions, which move within their bounds."""
    if not row.exercise.rules:
        st.markdown(t("programme.rules.none"))
    kept = row.prescription().rules
    rules: dict[str, dict[str, object]] = {}
    for rule in row.exercise.rules:
        given = kept.get(rule.id, RuleSetting())
        on = st.toggle(rule.name[t.language], given.enabled, key=f"rule-{rule.id}-{key}")
        if not on:
            rules[rule.id] = {"enabled": False}
            continue
        limits = {
            condition.id: moved
            for place, condition in enumerate(rule.conditions)
            if (moved := _limits(t, rule, condition, given.limits_of(condition.id, first=place == 0), key))
        }
        if limits:
            rules[rule.id] = {"limits": limits}
    row.set("rules", rules or None)


def _limits(t: Translator, rule: Rule, condition: Condition, given: ConditionLimits, key: str) -> dict[str, float]:
    """Show the limits of one condition, and return those that are not the usual ones."""
    moved = {}
    head, fields = st.container(), st.columns(2)
    low, high = condition.bounds
    usual = {"hint_limit": condition.hint_limit, "fault_limit": condition.fault_limit}
    now = dict(zip(usual, given.applied_to(condition)))
    for column, name in zip(fields, usual):
        if name == "fault_limit" and rule.max_severity == 1:
            continue
        value = column.number_input(
            t(f"programme.rules.{name}"),
            float(low),
            float(high),
            float(now[name]),
            STEPS[rule.unit_of(condition)],
            key=f"{name}-{rule.id}-{condition.id}-{key}",
            help=_bounds(t, condition, rule),
            format="%g",
        )
        if value != usual[name]:
            moved[name] = value
    mark = t("programme.rules.moved" if moved else "programme.rules.usual")
    with head:
        small(f"{plain(condition.name[t.language])} · {mark}")
    return moved


def _bounds(t: Translator, condition: Condition, rule: Rule) -> str:
    low, high, hint, fault = (
        f"{number(value, t.language, 0 if value == int(value) else 2)}"
        for value in (*condition.bounds, condition.hint_limit, condition.fault_limit)
    )
    unit = t(f"programme.rules.unit_{rule.unit_of(condition)}")
    return plain(t("programme.rules.bounds", low=low, high=high, hint=hint, fault=fault, unit=unit))
