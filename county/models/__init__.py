from county.models.api_token import ApiToken, ApiTokenUse
from county.models.audit_desk import AuditCall, AuditCallResult, AuditSample, FlagSettlement
from county.models.cell import ClassCell, CountCell
from county.models.fact import CountedPlace, FactsDay, StaleFact
from county.models.ledger_bundle import LedgerBundle
from county.models.monthly_return import MonthlyReturn, ReturnLine
from county.models.return_mail import ReturnMail, ReturnMailChoice
from county.models.saved_view import SavedView
from county.models.target import Target

__all__ = [
    "ApiToken",
    "ApiTokenUse",
    "AuditCall",
    "AuditCallResult",
    "AuditSample",
    "ClassCell",
    "CountCell",
    "CountedPlace",
    "FactsDay",
    "FlagSettlement",
    "LedgerBundle",
    "MonthlyReturn",
    "ReturnLine",
    "ReturnMail",
    "ReturnMailChoice",
    "SavedView",
    "StaleFact",
    "Target",
]
