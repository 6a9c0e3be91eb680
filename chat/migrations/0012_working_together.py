import django.contrib.postgres.fields
from django.db import migrations, models

import chat.lifecycle


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0004_shifts"),
        ("chat", "0011_floor"),
    ]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="beside",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(),
                blank=True,
                default=list,
                help_text="Supervisors who take part: they may write beside the assignee.",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="inbox",
            name="reopen_to",
            field=models.CharField(
                choices=[("bot", "the bot"), ("person", "the person who had it, if there and free")],
                default="bot",
                help_text="Who has a conversation that its customer reopens after a person had it.",
                max_length=6,
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="is_whisper",
            field=models.BooleanField(default=False, help_text="Meant for the assignee, while he talks."),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", chat.lifecycle.State["ASSIGNED"]), ("beside", []), _connector="OR"),
                name="conversation_beside_an_assignee",
            ),
        ),
    ]
