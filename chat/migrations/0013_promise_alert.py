from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("chat", "0012_working_together"),
    ]

    operations = [
        migrations.AddField(
            model_name="promise",
            name="alerted_at",
            field=models.DateTimeField(help_text="When supervisors were told that it is about to break.", null=True),
        ),
    ]
