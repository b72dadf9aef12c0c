from livestream.models.run_of_show import ProductCard, RunOfShow, RunSegment, RunVersion

__all__ = ["ProductCard", "RunOfShow", "RunSegment", "RunVersion"]
