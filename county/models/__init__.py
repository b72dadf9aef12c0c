from county.models.fact import CountedPlace, FactsDay, StaleFact
from county.models.monthly_return import MonthlyReturn, ReturnLine

__all__ = ["CountedPlace", "FactsDay", "MonthlyReturn", "ReturnLine", "StaleFact"]
