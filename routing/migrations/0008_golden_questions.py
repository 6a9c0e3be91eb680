import django.db.models.deletion
from django.db import migrations, models

import supportdesk.clock


class Migration(migrations.Migration):
    dependencies = [
        ("chat", "0013_promise_alert"),
        ("routing", "0007_risk_limits"),
    ]

    operations = [
        migrations.CreateModel(
            name="GoldenQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question", models.CharField(max_length=2000)),
                (
                    "expects",
                    models.CharField(
                        choices=[("article", "Article"), ("flow", "Flow"), ("person", "Person")], max_length=10
                    ),
                ),
                (
                    "target",
                    models.CharField(blank=True, help_text="Slug, intent or reason; empty: any.", max_length=100),
                ),
                ("added_at", models.DateTimeField(default=supportdesk.clock.now)),
                (
                    "inbox",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="golden_questions", to="chat.inbox"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("inbox", "question"), name="golden_question_once")],
            },
        ),
    ]
