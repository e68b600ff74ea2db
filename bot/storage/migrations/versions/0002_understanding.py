"""not understood in a row, and whether answers helped."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version."""
    op.create_table(
        "faq_vote",
        sa.Column("turn_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry", sa.String(length=64), nullable=False),
        sa.Column("is_up", sa.Boolean(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("turn_id", "entry", name=op.f("pk_faq_vote")),
    )
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("missed", sa.Integer(), server_default="0", nullable=False))
