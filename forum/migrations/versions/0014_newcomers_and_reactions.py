"""How full a sitting's buckets are: what newcomers used of its entries, and what all and they used of its reactions"""
import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

_NUMBERS = ('allowance_used_by_new', 'reactions_used', 'reactions_used_by_new')


def upgrade() -> None:
    with op.batch_alter_table('forum_session') as batch:
        for name in _NUMBERS:
            batch.add_column(sa.Column(name, sa.Float(), nullable=False, server_default='0'))
        batch.add_column(sa.Column('reactions_at', sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table('forum_session') as batch:
        for name in _NUMBERS:
            batch.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('forum_session') as batch:
        for name in ('reactions_at', *reversed(_NUMBERS)):
            batch.drop_column(name)
