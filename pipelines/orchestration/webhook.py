"""Alerts: one JSON message to a web address.

For what it says, see orchestration/alerts.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping

_SECONDS = 10.0


class AlertError(Exception):
    """The message could not be delivered; the text is one line that says why."""


def post(url: str, message: Mapping[str, object]) -> None:
    """Post a message as JSON.

    Raises:
        AlertError: nobody answered in time, or not with a success.
    """
    body = json.dumps(message, ensure_ascii=False).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"}, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS):
            pass
    except (urllib.error.URLError, OSError) as error:
        # Not the address: it often holds a secret.
        raise AlertError(f"the alert was not delivered: {getattr(error, 'reason', error)}") from None
