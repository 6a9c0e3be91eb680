"""What a failed attempt means: try again, and when, or give up. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPAuthenticationError, SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused

FIRST_AGAIN = timedelta(seconds=5)
LONGEST = timedelta(hours=1)
BOUNCED = "bounced"
"""By another server than ours, afterwards."""
MOST_ATTEMPTS = 12
"""Some two hours and a half."""


@dataclass(frozen=True, slots=True)
class Failure:
    """`of_letter`: the server works and does not want this letter, so that the next one may fare better."""

    problem: str
    of_letter: bool
    for_good: bool


def failure_of(error: OSError) -> Failure:
    """smtplib's errors are OSErrors. The server's words are left out: they may repeat what was sent."""
    name = type(error).__name__
    if isinstance(error, SMTPRecipientsRefused):
        code = max((code for code, _ in error.recipients.values()), default=0)
    elif isinstance(error, SMTPSenderRefused | SMTPDataError):
        code = error.smtp_code
    elif isinstance(error, SMTPAuthenticationError):
        return Failure(f"{name} {error.smtp_code}", of_letter=False, for_good=False)
    else:
        return Failure(name, of_letter=False, for_good=False)
    # A refused sender is the desk's own address: somebody may mend the settings before the last attempt.
    for_good = code >= 500 and not isinstance(error, SMTPSenderRefused)
    return Failure(f"{name} {code}", of_letter=True, for_good=for_good)


def told(problem: str) -> str:
    """What agents are told of a letter that was given up: what happened, and what to do."""
    name, _, code = problem.partition(" ")
    if name in (SMTPRecipientsRefused.__name__, BOUNCED):
        return f"The address was refused ({code}): ask for another one."
    if name == SMTPDataError.__name__:
        return f"The letter was refused by its reader's mail server ({code})."
    return f"It could not be sent in time: {problem}." if problem else ""


def next_attempt(failure: Failure, attempts: int, moment: datetime, use_until: datetime) -> datetime | None:
    """When to try again after `attempts` tries; None to give up."""
    if failure.for_good or attempts >= MOST_ATTEMPTS:
        return None
    again = moment + min(FIRST_AGAIN * 2 ** max(attempts - 1, 0), LONGEST)
    return again if again < use_until else None
