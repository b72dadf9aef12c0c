from county.models.fact import CountedPlace, FactsDay, StaleFact

__all__ = ["CountedPlace", "FactsDay", "StaleFact"]
