"""An intent may have a flow in each language; which one it speaks is read from what the operator wrote."""

import django.db.models.functions.comparison
from django.db import migrations, models
from django.db.models.fields.json import KT


class Migration(migrations.Migration):
    dependencies = [("flows", "0001_initial")]

    operations = [
        migrations.AddField(
            "flow",
            "language",
            models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.comparison.Coalesce(
                    KT("spec__language"), models.Value("en", output_field=models.TextField())
                ),
                output_field=models.CharField(max_length=3),
            ),
        ),
        migrations.RemoveConstraint("flow", "flow_of_intent_once"),
        migrations.AddConstraint(
            "flow",
            models.UniqueConstraint(fields=("inbox", "intent", "language"), name="flow_of_intent_and_language_once"),
        ),
    ]
