"""A worker claims the turns it thinks about, for a while."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chat", "0002_messages_cost_less")]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="routing_until",
            field=models.DateTimeField(help_text="A worker thinks about its turn; a claim that runs out.", null=True),
        ),
    ]
