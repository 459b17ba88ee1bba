"""Why an entry is where it is: words, firmness, second level, suggestions, map, what moved"""
import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

CLUSTER = (('key', sa.String()), ('stability', sa.Float()), ('sub_themes', sa.JSON()), ('suggested', sa.JSON()),
           ('x', sa.Float()), ('y', sa.Float()), ('radius', sa.Float()))
RUN_MEMBER = (('words', sa.JSON()), ('suggested', sa.JSON()), ('x', sa.Float()), ('y', sa.Float()),
              ('moved_because', sa.String()), ('moved_from', sa.String()))


def upgrade() -> None:
    for table, columns in (('cluster', CLUSTER), ('run_member', RUN_MEMBER)):
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    for table, columns in (('cluster', CLUSTER), ('run_member', RUN_MEMBER)):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name, _kind in columns:
                batch_op.drop_column(name)
