"""what follows the writing: links, events, versions, reviews, due moments and absence."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version."""
    op.create_table(
        "due",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("plan_id", sa.String(length=36), nullable=True),
        sa.Column("contact_id", sa.String(length=16), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_due_plan_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due")),
        sa.UniqueConstraint("key", name=op.f("uq_due_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("due", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_due_plan_id_state"), ["plan_id", "state"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_due_state_due_at"), ["state", "due_at"], unique=False)

    op.create_table(
        "link",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("plan_id", sa.String(length=36), nullable=True),
        sa.Column("contact_id", sa.String(length=16), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_revoked", sa.Boolean(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_link_plan_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_link_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "plan_event",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("plan_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("contact_id", sa.String(length=16), nullable=True),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("before", sa.String(length=16), nullable=False),
        sa.Column("after", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=48), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_plan_event_plan_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_event")),
        sa.UniqueConstraint("mark", name=op.f("uq_plan_event_mark")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("plan_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_plan_event_plan_id_id"), ["plan_id", "id"], unique=False
        )

    op.create_table(
        "plan_version",
        sa.Column("plan_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_plan_version_plan_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("plan_id", "number", name=op.f("pk_plan_version")),
    )
    op.create_table(
        "review",
        sa.Column("plan_id", sa.String(length=36), nullable=False),
        sa.Column("region_id", sa.String(length=64), nullable=True),
        sa.Column("school", sa.String(length=200), nullable=True),
        sa.Column("holder_role", sa.String(length=24), nullable=False),
        sa.Column("holder_id", sa.String(length=16), nullable=True),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("leaves_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_released", sa.Boolean(), nullable=False),
        sa.Column("is_last_station", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_review_plan_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_review")),
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_region_id"), ["region_id"], unique=False)

    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stand_in_id", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("absent_from", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("absent_until", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("conversation_id", sa.String(length=36), nullable=True))

    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pending", sa.JSON(), nullable=True))

    _begin_reviews(op.get_bind())


def _begin_reviews(connection: sa.Connection) -> None:
    """Let plans that were handed over before this version be reviewed like the others."""
    plans = sa.table(
        "plan",
        sa.column("id"),
        sa.column("status"),
        sa.column("summary", sa.JSON()),
        sa.column("submitted_at", sa.DateTime(timezone=True)),
    )
    contacts = sa.table("contact", *map(sa.column, ("id", "role", "region_id")))
    review = sa.table(
        "review",
        *map(
            sa.column,
            (
                "plan_id",
                "region_id",
                "school",
                "holder_role",
                "holder_id",
                "version",
                "is_released",
                "is_last_station",
            ),
        ),
        sa.column("waiting_since", sa.DateTime(timezone=True)),
    )
    version = sa.table(
        "plan_version",
        sa.column("plan_id"),
        sa.column("number"),
        sa.column("summary", sa.JSON()),
        sa.column("made_at", sa.DateTime(timezone=True)),
    )
    sent = connection.execute(sa.select(plans).where(plans.c.status == "submitted")).all()
    for plan in sent:
        summary = plan.summary or {}
        region, role = summary.get("region_id"), summary.get("recipient_role", "operator")
        holder = connection.execute(
            sa.select(contacts.c.id).where(
                contacts.c.role == role, contacts.c.region_id.is_not_distinct_from(region)
            )
        ).scalar()
        connection.execute(
            sa.insert(review).values(
                plan_id=plan.id,
                region_id=region,
                school=summary.get("school"),
                holder_role=role if holder else "operator",
                holder_id=holder,
                version=1,
                is_released=False,
                is_last_station=holder is None,
                waiting_since=plan.submitted_at,
            )
        )
        connection.execute(
            sa.insert(version).values(
                plan_id=plan.id, number=1, summary=summary, made_at=plan.submitted_at
            )
        )
