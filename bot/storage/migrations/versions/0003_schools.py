"""imported schools."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version."""
    op.create_table(
        "school",
        sa.Column("list_name", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=420), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("municipality", sa.String(length=200), nullable=False),
        sa.Column("province", sa.String(length=32), nullable=False),
        sa.Column("brin", sa.String(length=6), nullable=True),
        sa.Column("region_id", sa.String(length=64), nullable=True),
        sa.Column("basis", sa.String(length=16), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("checked_on", sa.String(length=10), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("list_name", "key", name=op.f("pk_school")),
    )
