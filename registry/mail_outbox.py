"""The demo's mail server: letters lie in the outbox, where anybody may read them."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from registry.masking import mask_address
from registry.models import SentMail


class OutboxBackend(BaseEmailBackend):
    """Keeps what it is to send; for `EMAIL_BACKEND` of the demo."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep each letter, once a reader."""
        letters = [
            SentMail(address=mask_address(address), subject=str(message.subject), text=str(message.body))
            for message in email_messages
            for address in message.recipients()
        ]
        return len(SentMail.objects.bulk_create(letters))
