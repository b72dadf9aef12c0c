from county.models.fact import CountedPlace, FactsDay, StaleFact
from county.models.ledger_bundle import LedgerBundle
from county.models.monthly_return import MonthlyReturn, ReturnLine

__all__ = ["CountedPlace", "FactsDay", "LedgerBundle", "MonthlyReturn", "ReturnLine", "StaleFact"]
