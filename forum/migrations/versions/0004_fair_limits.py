"""Fair limits on the phones of a sitting"""
import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('forum_session') as batch:
        batch.add_column(sa.Column('is_limited', sa.Boolean(), nullable=False, server_default=sa.true()))
        batch.add_column(sa.Column('n_held_back', sa.Integer(), nullable=False, server_default='0'))
        batch.add_column(sa.Column('held_back_at', sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table('forum_session') as batch:
        batch.alter_column('is_limited', server_default=None)
        batch.alter_column('n_held_back', server_default=None)
    op.drop_index('ix_submission_forum_session_id', 'submission')
    op.create_index('ix_submission_session_received', 'submission', ['forum_session_id', 'received_at'])


def downgrade() -> None:
    op.drop_index('ix_submission_session_received', 'submission')
    op.create_index('ix_submission_forum_session_id', 'submission', ['forum_session_id'])
    with op.batch_alter_table('forum_session') as batch:
        batch.drop_column('held_back_at')
        batch.drop_column('n_held_back')
        batch.drop_column('is_limited')
