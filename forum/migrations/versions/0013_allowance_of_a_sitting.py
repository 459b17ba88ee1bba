"""What a sitting has used of its allowance, instead of counting its entries for every batch"""
import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('forum_session') as batch:
        batch.add_column(sa.Column('allowance_used', sa.Float(), nullable=False, server_default='0'))
        batch.add_column(sa.Column('allowance_at', sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table('forum_session') as batch:
        batch.alter_column('allowance_used', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('forum_session') as batch:
        batch.drop_column('allowance_at')
        batch.drop_column('allowance_used')
