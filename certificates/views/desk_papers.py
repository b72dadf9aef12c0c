"""The desk in the admin: one paper, issuing it anew, and taking papers back."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from certificates.errors import NotInThisState, SecondPersonNeeded, UnprintableText
from certificates.forms.desk import AnnulForm, AnswerForm, PaperSearchForm, ReissueForm, RevokeForm
from certificates.models import Certificate, Revocation
from certificates.queries import printed_facts, versions_of
from certificates.queries.desk import classes_to_certify, message_sent_at, papers_within, revocations_within
from certificates.services import (
    answer_objection,
    decide_revocation,
    propose_annulment,
    propose_revocation,
    reissue_certificate,
)
from certificates.views.access import desk_codes, desk_user
from courses.errors import DutiesMustDiffer
from registry.capabilities import Capability
from registry.models import User
from registry.permissions import may
from registry.typesetting import named

PAGE_LENGTH = 30
READ, ISSUE = Capability.READ_CERTIFICATES, Capability.ISSUE_CERTIFICATE
REVOKE, DECIDE = Capability.REVOKE_CERTIFICATE, Capability.DECIDE_REVOCATION
FORM = ["GET", "HEAD", "POST"]
State = Revocation.State


@require_GET
def paper_list(request: HttpRequest) -> HttpResponse:
    """Find papers of her counties by number or name."""
    codes = desk_codes(desk_user(request, READ), READ)
    form = PaperSearchForm(request.GET)
    text = form.cleaned_data["q"].strip() if form.is_valid() else ""
    page = Paginator(papers_within(codes, text), PAGE_LENGTH).get_page(request.GET.get("p"))
    query = urlencode({"q": text}) if text else ""
    return render(request, "certificates/admin/paper_list.html", {"form": form, "page": page, "query": query})


@require_GET
def paper_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show a paper with its versions, and what may be done about it."""
    user = desk_user(request, READ)
    paper = _paper(user, uid, READ)
    is_valid = paper.state == Certificate.State.VALID
    context = {
        "paper": paper,
        "facts": printed_facts(paper, with_full_name=True),
        "versions": list(versions_of(paper.number)),
        "revocation": paper.revocations.exclude(state=State.REFUSED).first(),
        "may_reissue": is_valid and may(user, ISSUE, code=paper.county_code),
        "may_revoke": is_valid and may(user, REVOKE, code=paper.county_code),
    }
    return render(request, "certificates/admin/paper_detail.html", context)


@require_http_methods(FORM)
def paper_reissue(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Issue a paper anew, with 补 on it."""
    user = desk_user(request, ISSUE)
    paper = _paper(user, uid, ISSUE)
    form = ReissueForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            newer = reissue_certificate(certificate=paper, reason=form.cleaned_data["reason"], by=user)
        except UnprintableText as refusal:
            form.add_error(
                None, _("No font here holds %(characters)s.") % {"characters": named(refusal.characters)}
            )
        except (NotInThisState, DutiesMustDiffer) as refusal:
            form.add_error(None, _why(refusal))
        else:
            messages.success(request, _("Version %(version)s is issued.") % {"version": newer.version})
            return redirect("certificate_paper", uid=newer.uid)
    title, button = _("Issue it anew"), _("Issue anew")
    text = _(
        "The number stays, the version goes up, and 补 is printed on it. The paper before it is replaced."
        " With a corrected name the person's record must be corrected first."
    )
    return _form(request, form, title=title, text=text, button=button, paper=paper)


@require_http_methods(FORM)
def paper_revoke(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Propose to take a paper back."""
    user = desk_user(request, REVOKE)
    paper = _paper(user, uid, REVOKE)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            revocation = propose_revocation(certificate=paper, by=user, **form.cleaned_data)
        except NotInThisState as refusal:
            form.add_error(None, _why(refusal))
        else:
            return redirect("certificate_revocation", uid=revocation.uid)
    title, button = _("Propose to revoke it"), _("Propose")
    text = _("Somebody else of the office decides. The holder is told and may object for 15 days.")
    return _form(request, form, title=title, text=text, button=button, paper=paper)


@require_http_methods(FORM)
def class_annul(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Propose to take back every paper of a class."""
    user = desk_user(request, REVOKE)
    training_class = get_object_or_404(classes_to_certify(desk_codes(user, REVOKE)), uid=uid)
    form = AnnulForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            rows = propose_annulment(training_class=training_class, by=user, **form.cleaned_data)
        except NotInThisState as refusal:
            form.add_error(None, _why(refusal))
        else:
            return redirect("certificate_revocation", uid=rows[0].uid)
    title, button = _("Propose to annul the class"), _("Propose")
    text = _("Every valid paper of the class is revoked at once when somebody else of the office agrees.")
    return _form(request, form, title=title, text=text, button=button, training_class=training_class)


@require_GET
def revocation_list(request: HttpRequest) -> HttpResponse:
    """List what was proposed and decided in her counties."""
    codes = desk_codes(desk_user(request, READ), READ)
    page = Paginator(revocations_within(codes), PAGE_LENGTH).get_page(request.GET.get("p"))
    return render(request, "certificates/admin/revocation_list.html", {"page": page})


@require_GET
def revocation_detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show a proposal, the decision, the objection and its answer."""
    return _revocation_page(request, desk_user(request, READ), uid, AnswerForm())


@require_http_methods(["POST"])
def revocation_decide(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Decide on a proposal, or answer an objection."""
    user = desk_user(request, DECIDE)
    revocation = get_object_or_404(revocations_within(desk_codes(user, DECIDE)), uid=uid)
    is_granted = "agree" in request.POST
    try:
        if revocation.state == State.PROPOSED:
            decide_revocation(revocation=revocation, is_granted=is_granted, by=user)
        else:
            form = AnswerForm(request.POST)
            if not form.is_valid():
                return _revocation_page(request, user, uid, form)
            answer = form.cleaned_data["answer"]
            answer_objection(revocation=revocation, is_upheld=is_granted, answer=answer, by=user)
    except (NotInThisState, SecondPersonNeeded, UnprintableText) as refusal:
        messages.error(request, _why(refusal))
    return redirect("certificate_revocation", uid=uid)


def _revocation_page(request: HttpRequest, user: User, uid: UUID, form: Form) -> HttpResponse:
    revocation = get_object_or_404(revocations_within(desk_codes(user, READ)), uid=uid)
    is_open = revocation.state in {State.PROPOSED, State.OBJECTED}
    may_decide = is_open and may(user, DECIDE, code=revocation.certificate.county_code)
    context = {
        "revocation": revocation,
        "message_sent_at": message_sent_at(revocation),
        "together": list(revocations_within([""]).filter(batch=revocation.batch).order_by("pk")[:500]),
        "may_decide": may_decide and revocation.proposed_by_id != user.pk,
        "waits_for_another": is_open and revocation.proposed_by_id == user.pk,
        "form": form,
    }
    return render(request, "certificates/admin/revocation_detail.html", context)


def _form(request: HttpRequest, form: Form, **context: object) -> HttpResponse:
    return render(request, "certificates/admin/paper_form.html", {"form": form, **context})


def _why(refusal: Exception) -> str:
    if isinstance(refusal, DutiesMustDiffer):
        return str(refusal)
    if isinstance(refusal, SecondPersonNeeded):
        return _("You proposed this yourself: somebody else has to decide.")
    if isinstance(refusal, UnprintableText):
        return _("No font here holds %(characters)s.") % {"characters": named(refusal.characters)}
    return _("This is not possible any more: somebody changed it meanwhile, or it is proposed already.")


def _paper(user: User, uid: UUID, capability: Capability) -> Certificate:
    paper = papers_within(desk_codes(user, capability)).filter(uid=uid).first()
    if paper is None:
        raise Http404
    return paper
