import django.db.models.deletion
from django.db import migrations, models

import supportdesk.clock


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0004_shifts"),
        ("chat", "0013_promise_alert"),
        ("routing", "0006_decision_policy"),
    ]

    operations = [
        migrations.AddField(
            model_name="modelversion",
            name="held_out",
            field=models.JSONField(default=dict, help_text="How sure it was of what it had not seen: routing.limits."),
        ),
        migrations.CreateModel(
            name="RiskLimit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "intent",
                    models.CharField(
                        blank=True, help_text="Empty: every intent without a limit of its own.", max_length=60
                    ),
                ),
                (
                    "most_wrong",
                    models.FloatField(help_text="Of what the bot answers. Null takes the limit away.", null=True),
                ),
                ("confidence", models.FloatField(default=0.95)),
                ("at", models.DateTimeField(default=supportdesk.clock.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="agents.agent"
                    ),
                ),
                (
                    "inbox",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="risk_limits", to="chat.inbox"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["inbox", "intent", "-id"], name="risk_limit_newest")],
            },
        ),
    ]
