"""Summaries name each hold"""

from alembic import op
import sqlalchemy as sa

from formcheck.store.summaries import summary_of_kept

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    sets = sa.table("exercise_set", sa.column("id"), sa.column("record", sa.JSON), sa.column("summary", sa.JSON))
    connection = op.get_bind()
    for set_id in connection.scalars(sa.select(sets.c.id).where(sets.c.record.is_not(None))).all():
        record = connection.scalar(sa.select(sets.c.record).where(sets.c.id == set_id))
        if record is not None:
            connection.execute(sa.update(sets).where(sets.c.id == set_id).values(summary=summary_of_kept(record)))
