"""Reactions carry the key and the sequence of their latest change"""
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('reaction', sa.Column('key', sa.String(), nullable=True))
    op.add_column('reaction', sa.Column('sequence', sa.BigInteger(), nullable=True))
    op.add_column('reaction', sa.Column('n_changes', sa.Integer(), nullable=False, server_default='1'))
    table = sa.table('reaction', sa.column('id', sa.Integer), sa.column('key', sa.String),
                     sa.column('sequence', sa.BigInteger), sa.column('changed_at', sa.DateTime(timezone=True)))
    connection = op.get_bind()
    # The moment in milliseconds, as phones make their sequences: a change from now on is later than all of these.
    known = [{"row": row.id, "new_key": str(uuid4()), "place": int(row.changed_at.timestamp() * 1000)}
             for row in connection.execute(sa.select(table.c.id, table.c.changed_at))]
    if known:
        connection.execute(table.update().where(table.c.id == sa.bindparam("row")).values(
            key=sa.bindparam("new_key"), sequence=sa.bindparam("place")), known)
    with op.batch_alter_table('reaction') as batch:
        batch.alter_column('key', existing_type=sa.String(), nullable=False)
        batch.alter_column('sequence', existing_type=sa.BigInteger(), nullable=False)
        batch.alter_column('n_changes', existing_type=sa.Integer(), server_default=None)
        batch.create_check_constraint('changes_from_one', 'n_changes >= 1')


def downgrade() -> None:
    with op.batch_alter_table('reaction') as batch:
        batch.drop_constraint(op.f('ck_reaction_changes_from_one'), type_='check')
        batch.drop_column('n_changes')
        batch.drop_column('sequence')
        batch.drop_column('key')
