"""A photo may come with an entry"""
import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('photo',
    sa.Column('submission_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_photo_submission_id')),
    sa.PrimaryKeyConstraint('submission_id', name=op.f('pk_photo')),
    sa.UniqueConstraint('name', name=op.f('uq_photo_name'))
    )


def downgrade() -> None:
    op.drop_table('photo')
