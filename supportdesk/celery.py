"""The Celery app and the whole beat schedule: everything the desk does by itself is on this screen.

A task is a wake-up that drains what is waiting in PostgreSQL, so a lost or doubled one is harmless.
"""

import os
import warnings

from celery import Celery
from celery.exceptions import CPendingDeprecationWarning
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportdesk.settings")
for library in ("OMP", "OPENBLAS", "MKL"):  # the classifier's sums are too small to be worth threads
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

SWEEP_EVERY_S = 1.0
DRAIN_EVERY_S = 2.0
SEND_EVERY_S = 5.0
FETCH_EVERY_S = 20.0
EMBED_EVERY_S = 5.0

app = Celery("supportdesk")
app.conf.update(
    broker_url=settings.CELERY_BROKER_URL,
    # Redis may die and come back: keep trying for as long as it takes, and notice a dead link.
    broker_connection_retry=True,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_connection_timeout=2,
    broker_transport_options={
        **settings.CELERY_BROKER_OPTIONS,
        "visibility_timeout": 30,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 10,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "health_check_interval": 10,
        "retry_on_timeout": True,
    },
    # The one who publishes must not wait long for a broker that is gone: the sweeper finds what was not sent.
    task_publish_retry=True,
    task_publish_retry_policy={"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1},
    # A killed worker's task goes to the next one.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=16,  # 4 threads: 64 at hand, the fastest measured
    worker_cancel_long_running_tasks_on_connection_loss=False,
    # Nobody reads results or events.
    result_backend=None,
    task_ignore_result=True,
    task_store_errors_even_if_ignored=False,
    worker_send_task_events=False,
    task_send_sent_event=False,
    worker_enable_remote_control=False,
    worker_disable_rate_limits=True,
    # JSON only: a broker that others can reach must not be able to run code here.
    task_serializer="json",
    result_serializer="json",
    accept_content=["json"],
    task_default_queue="default",
    # A backlog of messages to route must not hold up the sweeper: the desk's own errands have a queue of their own.
    task_routes={"routing.tasks.route": {"queue": "routing"}, "routing.tasks.*": {"queue": "default"}},
    task_time_limit=None,
    timezone="UTC",
    enable_utc=True,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    beat_schedule_filename=str(settings.SUPPORTDESK_VAR / "run" / "beat-schedule"),
    beat_max_loop_interval=1,
    beat_schedule={
        "act on passed deadlines": {
            "task": "routing.tasks.sweep",
            "schedule": SWEEP_EVERY_S,
            "options": {"expires": SWEEP_EVERY_S * 5},
        },
        "offer what waits in the queue": {
            "task": "routing.tasks.drain_queue",
            "schedule": DRAIN_EVERY_S,
            "options": {"expires": DRAIN_EVERY_S * 5},
        },
        "send the letters that are due": {
            "task": "mail.tasks.send_letters",
            "schedule": SEND_EVERY_S,
            "options": {"expires": SEND_EVERY_S},
        },
        "mail the answers that nobody reads": {
            "task": "mail.tasks.mail_answers",
            "schedule": SEND_EVERY_S,
            "options": {"expires": SEND_EVERY_S},
        },
        "fetch letters from the mailbox": {
            "task": "mail.tasks.fetch_letters",
            "schedule": FETCH_EVERY_S,
            "options": {"expires": FETCH_EVERY_S},
        },
        "forget old letters": {
            "task": "mail.tasks.forget_letters",
            "schedule": 3600.0,
            "options": {"expires": 3600.0},
        },
        "give passages their vectors": {
            "task": "routing.tasks.embed",
            "schedule": EMBED_EVERY_S,
            "options": {"expires": EMBED_EVERY_S},
        },
    },
)
app.autodiscover_tasks()

# A task whose link to Redis was lost runs to its end: it works on PostgreSQL. Celery warns of that choice every time.
warnings.filterwarnings("ignore", category=CPendingDeprecationWarning)

from supportdesk import alive  # noqa: E402, F401  # connects the signs of life
