"""Where a run-of-show begins: the five-minute loop and the two-hour run of domain.md 5, or an empty one."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from livestream.models import RunSegment

Kind = RunSegment.Kind
ROUNDS, PRODUCTS, ROUND_SECONDS = 3, 6, 300


@dataclass(frozen=True)
class PlannedSegment:
    """A segment to begin with: its kind, its seconds, what to do in it, and the number of its product."""

    kind: str
    seconds: int
    cue: str | Promise
    product: int | None = None


@dataclass(frozen=True)
class Blueprint:
    """A named beginning."""

    key: str
    title: str | Promise
    about: str | Promise
    segments: tuple[PlannedSegment, ...]
    product_count: int

    @property
    def seconds(self) -> int:
        """How long it is in all."""
        return sum(segment.seconds for segment in self.segments)


_LOOP = (
    PlannedSegment(Kind.HOOK, 30, _("Show the best moment first: crack it, cut it, pour it."), 1),
    PlannedSegment(Kind.WHO, 60, _("Say who needs it and when: breakfast, a gift, children."), 1),
    PlannedSegment(Kind.PROOF, 90, _("Cut, taste, weigh, measure: what you claim is seen."), 1),
    PlannedSegment(Kind.PRICE, 45, _("Price, weight and the rules, twice and slowly."), 1),
    PlannedSegment(Kind.ORDER, 45, _("How to order, which day it leaves, what happens with a bad one."), 1),
    PlannedSegment(Kind.QUESTIONS, 30, _("Answer two questions, then lead on to the next product."), 1),
)


def _two_hours() -> Iterator[PlannedSegment]:
    yield PlannedSegment(Kind.WARM_UP, 600, _("Greet by name, say what comes today and the house rules."))
    for round_number in range(ROUNDS):
        for product in range(1, PRODUCTS + 1):
            yield from _short_round(round_number, product)
    yield PlannedSegment(Kind.QUESTIONS, 600, _("After-sales questions: dispatch, bad fruit, receipts."))
    yield PlannedSegment(Kind.THANKS, 600, _("Thank them, name the day of the next broadcast."))


def _short_round(round_number: int, product: int) -> Iterator[PlannedSegment]:
    """Yield one product's five minutes as a single line each, so that the sheet stays readable."""
    kind = (Kind.HOOK, Kind.PROOF, Kind.PRICE)[round_number]
    cue = (
        _("First round: hook, who needs it, proof, price, order."),
        _("Second round: another proof, the questions so far, price, order."),
        _("Third round: what is left, price, order, bridge."),
    )[round_number]
    yield PlannedSegment(kind, ROUND_SECONDS, cue, product)


BLUEPRINTS = {
    blueprint.key: blueprint
    for blueprint in (
        Blueprint(
            "loop",
            _("One product, 5 minutes"),
            _("The loop to practise first: hook, who, proof, price, order, questions."),
            _LOOP,
            1,
        ),
        Blueprint(
            "evening",
            _("Six products, 120 minutes"),
            _("A whole broadcast: warm-up, six products in three rounds, questions, thanks."),
            tuple(_two_hours()),
            PRODUCTS,
        ),
        Blueprint(
            "empty",
            _("An empty sheet"),
            _("One segment to begin with; you add the rest."),
            (PlannedSegment(Kind.HOOK, 30, ""),),
            0,
        ),
    )
}
