"""Summaries name the side of each hold: those from before are removed, and revision 0006 fills them"""

from alembic import op
import sqlalchemy as sa

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    sets = sa.table("exercise_set", sa.column("summary", sa.JSON(none_as_null=True)))
    op.execute(sa.update(sets).values(summary=None))
