"""Verifying, one's own certificates, and the desk that issues them."""

from tests.permissions.words import BOTH, NOBODY, OWN, PUBLIC, SIGNED_IN, Route

ROUTES = [
    # Certificates
    Route("verify/", PUBLIC, BOTH),
    Route("verify/file/", PUBLIC, "POST"),
    Route("verify/root.crt", PUBLIC),
    Route("verify/keys.json", PUBLIC),
    Route("verify/revoked.json", PUBLIC),
    Route("verify/offline/", PUBLIC),
    Route("verify/offline/manifest.webmanifest", PUBLIC),
    Route("verify/worker.js", PUBLIC),
    Route("verify/shared/<str:token>/", PUBLIC, of="share"),
    Route("verify/shared/<str:token>/file/", PUBLIC, of="share"),
    Route("verify/mine/", SIGNED_IN),
    Route("verify/mine/<uuid:uid>/share/", OWN, BOTH, of="certificate"),
    Route("verify/mine/<uuid:uid>/share/end/", OWN, "POST", of="certificate"),
    Route("verify/mine/<uuid:uid>/object/", NOBODY, BOTH, of="certificate"),  # but whose was revoked
    Route("verify/mine/<uuid:uid>/badge.json", "own read_certificates", of="certificate"),
    Route("verify/mine/<uuid:uid>/badge.jwt", "own read_certificates", of="certificate"),
    Route("verify/badges/achievements/<str:code>/", PUBLIC, of="achievement"),
    Route("verify/badges/status/<int:number>/", PUBLIC, of="status_list"),
    Route(".well-known/did.json", PUBLIC),
    Route("verify/file/<uuid:uid>/", "own read_certificates", of="certificate"),
    Route("verify/<str:number>/", PUBLIC, of="certificate_number", query="k={k}"),
    # The desk of certificates
    Route("admin/certificates/", "read_certificates"),
    Route("admin/certificates/class/<uuid:uid>/", "read_certificates", of="closed_class"),
    Route("admin/certificates/class/<uuid:uid>/issue/", "issue_certificate", "POST", of="closed_class"),
    Route("admin/certificates/class/<uuid:uid>/bundle/", "issue_certificate", "POST", of="closed_class"),
    Route("admin/certificates/class/<uuid:uid>/register.xlsx", "export", of="closed_class"),
    Route("admin/certificates/class/<uuid:uid>/annul/", "revoke_certificate", BOTH, of="closed_class"),
    Route("admin/certificates/runs/<uuid:uid>/", "read_certificates", of="issue_run"),
    Route("admin/certificates/runs/<uuid:uid>/progress/", "read_certificates", of="issue_run"),
    Route("admin/certificates/runs/<uuid:uid>/cancel/", "issue_certificate", "POST", of="issue_run"),
    Route("admin/certificates/bundles/<uuid:uid>/", "issue_certificate", of="bundle"),
    Route("admin/certificates/papers/", "read_certificates"),
    Route("admin/certificates/papers/<uuid:uid>/", "read_certificates", of="certificate"),
    Route("admin/certificates/papers/<uuid:uid>/reissue/", "issue_certificate", BOTH, of="certificate"),
    Route("admin/certificates/papers/<uuid:uid>/revoke/", "revoke_certificate", BOTH, of="certificate"),
    Route("admin/certificates/revocations/", "read_certificates"),
    Route("admin/certificates/revocations/<uuid:uid>/", "read_certificates", of="revocation"),
    Route("admin/certificates/revocations/<uuid:uid>/decide/", "decide_revocation", "POST", of="revocation"),
    Route("admin/certificates/templates/", "design_certificate approve_design"),
    Route(
        "admin/certificates/templates/<str:code>/<str:kind>/",
        "design_certificate approve_design",
        of="template",
    ),
    Route("admin/certificates/templates/<str:code>/<str:kind>/", "design_certificate", "POST", of="template"),
    Route(
        "admin/certificates/templates/<str:code>/<str:kind>/preview/",
        "design_certificate approve_design",
        BOTH,
        of="template",
    ),
    Route(
        "admin/certificates/templates/<str:code>/<str:kind>/approve/", "approve_design", "POST", of="template"
    ),
]
