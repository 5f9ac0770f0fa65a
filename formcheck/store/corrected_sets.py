"""A stored set as corrected: the one place where corrections meet the record that the program made.

``exercise_set.record`` holds the original record and never changes. Its summary, its counts and clocks and the rows of
``repetition`` follow from the record and the corrections. They are rewritten in the transaction that stores a correction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError
from sqlalchemy import delete, select, update

from formcheck.errors import StoreError
from formcheck.model.corrections import Corrected, Correction, apply
from formcheck.model.records import Rep, SetRecord
from formcheck.store.summaries import summary_of
from formcheck.store.tables import RepetitionRow, ReviewRow, SetRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def corrected_set(session: Session, set_id: int) -> Corrected | None:
    """Read a set with its corrections.

    Parameters
    ----------
    session : Session
        The transaction to read in.
    set_id : int
        The set.

    Returns
    -------
    Corrected or None
        The corrected record with the original and the entries beside it; None while the set runs.

    Raises
    ------
    StoreError
        This version cannot read the record (``store_record``).
    SpecError
        A correction does not fit the record.
    """
    record = session.scalar(select(SetRow.record).where(SetRow.id == set_id))
    if record is None:
        return None
    entries = session.scalars(select(ReviewRow.entry).where(ReviewRow.set_id == set_id).order_by(ReviewRow.id)).all()
    try:
        original = SetRecord.model_validate(record)
    except ValidationError as error:
        version = str(record.get("schema_version"))
        raise StoreError(
            f"This set was kept in another form (record version {version}), which cannot be read here. It is still there.",
            code="store_record",
            version=version,
        ) from error
    return apply(original, [Correction.model_validate(entry) for entry in entries])


def rewrite_numbers(session: Session, set_id: int, record: SetRecord) -> None:
    """Write everything that follows from the corrected record of a set.

    Parameters
    ----------
    session : Session
        The transaction to write in.
    set_id : int
        The set.
    record : SetRecord
        Its record, as corrected.
    """
    numbers = {
        "rep_count": record.rep_count,
        "partial_count": record.partial_count,
        "hold_s": record.hold_s,
        "in_form_s": record.in_form_s,
        "summary": summary_of(record),
    }
    session.execute(update(SetRow).where(SetRow.id == set_id).values(**numbers))
    session.execute(delete(RepetitionRow).where(RepetitionRow.set_id == set_id))
    session.add_all([_repetition(set_id, rep) for rep in record.reps])


def _repetition(set_id: int, rep: Rep) -> RepetitionRow:
    return RepetitionRow(
        set_id=set_id,
        number=rep.index,
        counted=rep.counted,
        side=rep.side,
        start_s=rep.start_s,
        turn_s=rep.turn_s,
        end_s=rep.end_s,
        measures=rep.measures,
        faults={fault.rule: fault.severity for fault in rep.faults},
    )
