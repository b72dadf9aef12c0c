"""What can go wrong with a certificate, said by name."""


class CertificateError(Exception):
    """Any refusal of this app."""


class InvalidNumber(CertificateError):
    """The text is no certificate number: wrong form or wrong check character."""


class NumberOutOfRange(CertificateError):
    """The class or seat no longer fits into the four digits a number has for it."""


class NotCompleted(CertificateError):
    """R4 does not hold for the enrolment, so there is nothing to certify (A13)."""


class UnprintableText(CertificateError):
    """The fonts at hand lack `characters`; a box in their place would be a forged name."""

    def __init__(self, characters: str) -> None:
        super().__init__(characters)
        self.characters = characters


class InvalidCode(CertificateError):
    """The text is no code of ours, or what it says was altered."""


class NothingSigns(CertificateError):
    """No signing key was made or named yet: `manage.py init_signing`."""


class NotEligible(CertificateError):
    """The paper asked for was not earned, or its class is not closed."""


class ForbiddenClaim(CertificateError):
    """A template claims what a training paper must not."""


class SecondPersonNeeded(CertificateError):
    """The same person may not take both steps."""


class NotInThisState(CertificateError):
    """What was asked does not follow from the state the thing is in."""


class UnreadablePicture(CertificateError):
    """The file is no picture we take: PNG, JPEG or WebP."""
