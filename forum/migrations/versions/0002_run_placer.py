"""What a run learnt, to place later entries"""
import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('run_placer',
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['analysis_run.id'], name=op.f('fk_run_placer_run_id')),
    sa.PrimaryKeyConstraint('run_id', name=op.f('pk_run_placer'))
    )


def downgrade() -> None:
    op.drop_table('run_placer')
