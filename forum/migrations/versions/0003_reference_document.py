"""Planning documents from which the analysis learns how words are used"""
import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('reference_document',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('n_paragraphs', sa.Integer(), nullable=False),
    sa.Column('paragraphs', sa.JSON(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reference_document')),
    sa.UniqueConstraint('digest', name=op.f('uq_reference_document_digest'))
    )


def downgrade() -> None:
    op.drop_table('reference_document')
