"""New inboxes: the bot answers where it is likelier right than wrong."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chat", "0010_mail_reopens")]

    operations = [
        migrations.AlterField(
            "inbox",
            "support_floor",
            models.FloatField(default=0.5, help_text="Below this knowledge score the bot does not answer."),
        ),
    ]
