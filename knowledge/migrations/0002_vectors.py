"""Passages get vectors. The extension is PostgreSQL's to have: the embedded one and docker-compose.yml's image do."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import knowledge.models

NEEDED = (
    "this PostgreSQL has no pgvector extension, which the search in articles needs: install it "
    "(Debian: postgresql-18-pgvector; the image pgvector/pgvector:pg18 has it) and migrate again"
)


class NoVectors(Exception):
    """What happened and what to do, in one line."""


def add_extension(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_available_extensions WHERE name = 'vector'")
        if cursor.fetchone() != (1,):
            raise NoVectors(NEEDED)
        cursor.execute("CREATE EXTENSION IF NOT EXISTS vector")


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_initial")]

    operations = [
        migrations.RunPython(add_extension, migrations.RunPython.noop),
        migrations.AddField("passage", "vector", knowledge.models.HalfVector(editable=False, null=True)),
        migrations.AddField(
            "passage",
            "encoder",
            models.CharField(default="", editable=False, help_text="What `vector` is from.", max_length=160),
        ),
        migrations.AddIndex("passage", models.Index(fields=["encoder"], name="passage_encoder")),
    ]
