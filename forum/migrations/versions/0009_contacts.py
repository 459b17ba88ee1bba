"""A contact may be left with an entry, by a consent of its own"""
import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('contact',
    sa.Column('submission_id', sa.Integer(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('notice_id', sa.Integer(), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['notice_id'], ['notice.id'], name=op.f('fk_contact_notice_id')),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_contact_submission_id')),
    sa.PrimaryKeyConstraint('submission_id', name=op.f('pk_contact'))
    )
    # A consultation that is under way promised in its notice to ask for no contact: it keeps that promise.
    op.add_column('consultation', sa.Column('asks_contact', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('notice', sa.Column('contact_words', sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column('notice', 'contact_words')
    op.drop_column('consultation', 'asks_contact')
    op.drop_table('contact')
