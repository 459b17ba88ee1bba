"""The newest lines about a consultation are found in one index"""
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_audit_entry_consultation', 'audit_entry', ['consultation_id', 'id'])
    op.drop_index('ix_audit_entry_consultation_id', 'audit_entry')


def downgrade() -> None:
    op.create_index('ix_audit_entry_consultation_id', 'audit_entry', ['consultation_id'])
    op.drop_index('ix_audit_entry_consultation', 'audit_entry')
