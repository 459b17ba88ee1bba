"""Whether the wall of the hall shows what people write"""
import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('forum_session') as batch:
        batch.add_column(sa.Column('wall_shows_ideas', sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table('forum_session') as batch:
        batch.alter_column('wall_shows_ideas', server_default=None)


def downgrade() -> None:
    with op.batch_alter_table('forum_session') as batch:
        batch.drop_column('wall_shows_ideas')
