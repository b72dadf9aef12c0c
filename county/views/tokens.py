"""Tokens of the interface in the Wagtail admin: which there are, making one, revoking one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from county.queries.api_tokens import tokens_within
from county.queries.regions import regions_to_read
from county.services import revoke_api_token
from county.token_forms import TokenForm
from registry.capabilities import Capability
from registry.permissions import scope_codes
from registry.views.access import user_who_may


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def token_list(request: HttpRequest) -> HttpResponse:
    """List the tokens of her region, and make one: what is sent with each request is shown this once."""
    user = user_who_may(request, Capability.MAKE_API_TOKEN)
    scopes = scope_codes(user, Capability.MAKE_API_TOKEN)
    form = TokenForm(request.POST or None, regions=regions_to_read(scopes), by=user)
    made = form.save(request=request) if request.method == "POST" and form.is_valid() else None
    if made:
        form = TokenForm(regions=regions_to_read(scopes), by=user)
    now = timezone.now()
    context = {
        "form": form,
        "made": made,
        "tokens": [(token, token.expires_at <= now) for token in tokens_within(scopes, timezone.localdate())],
        "address": request.build_absolute_uri(reverse("api:openapi-json")),
    }
    return render(request, "county/admin/tokens.html", context)


@require_POST
def token_revoke(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Let a token read nothing from now on."""
    user = user_who_may(request, Capability.MAKE_API_TOKEN)
    scopes = scope_codes(user, Capability.MAKE_API_TOKEN)
    token = get_object_or_404(tokens_within(scopes, timezone.localdate()), uid=uid)
    revoke_api_token(token=token, by=user, request=request)
    messages.success(request, _("“{name}” reads nothing any more.").format(name=token.name))
    return redirect("api_tokens")
