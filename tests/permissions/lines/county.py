"""The county desk."""

from tests.permissions.words import BOTH, NOBODY, PUBLIC, Route

ROUTES = [
    # The county desk
    Route("county/", "read_figures"),
    Route("county/", "read_figures", of="place", query="region={code}"),
    Route("county/figures/", "read_figures"),
    Route("county/figures/", "read_figures", of="place", query="region={code}"),
    Route("county/tiles/", "read_figures"),
    Route("county/tiles/", "read_figures", of="place", query="region={code}"),
    Route("county/compare/", "read_figures"),
    Route("county/compare/", "read_figures", of="place", query="other_region={code}"),
    Route("county/plan/", "read_figures"),
    Route("county/plan/", "read_figures", of="place", query="region={code}"),
    Route("county/plan/", "set_target", "POST", of="place", query="region={code}"),
    Route("county/views/", "read_figures", BOTH),
    Route("county/views/<uuid:uid>/", "export", of="saved_view"),  # shared: whoever sits in that office
    Route("county/views/<uuid:uid>/delete/", NOBODY, "POST", of="saved_view"),  # but its owner
    Route("county/public/", PUBLIC),
    Route("county/export.xlsx", "export"),
    Route("county/export.xlsx", "export", of="place", query="region={code}"),
    Route("county/people/", "read_people"),
    Route("county/people/", "read_people", of="place", query="region={code}"),
    Route("county/people/<uuid:uid>/", "read_people", of="counted_person"),
    Route("county/classes/", "read_classes"),
    Route("county/returns/", "read_figures"),
    Route("county/returns/<code>/<month>/", "read_figures", of="monthly_return"),
    Route("county/returns/<code>/<month>/fill-in/", "confirm_count", "POST", of="monthly_return"),
    Route("county/returns/<code>/<month>/check/", "confirm_count", "POST", of="monthly_return"),
    Route("county/returns/<code>/<month>/sign/", "confirm_count", "POST", of="monthly_return"),
    Route("county/returns/<code>/<month>/send-back/", "confirm_count", "POST", of="monthly_return"),
    Route("county/returns/<code>/<month>/return.xlsx", "export", of="monthly_return"),
    Route("county/returns/<code>/<month>/return.csv", "export", of="monthly_return"),
    Route("county/returns/<code>/<month>/return.json", "export", of="monthly_return"),
    Route("county/audit/", "read_people"),
    Route("county/audit/rows/", "read_people", query="flag=A6"),
    Route("county/audit/settle/", "settle_flag", "POST"),
    Route("county/audit/settled/<uuid:uid>/back/", "settle_flag", "POST", of="flag_settlement"),
    Route("county/audit/samples/", "settle_flag", BOTH),
    Route("county/audit/samples/<uuid:uid>/", "settle_flag", of="audit_sample"),
    Route("county/audit/samples/<uuid:uid>/results.xlsx", "export", of="audit_sample"),
    Route("county/audit/calls/<uuid:uid>/", "settle_flag", BOTH, of="audit_call"),
    Route("county/audit/calls/<uuid:uid>/number/", "settle_flag", "POST", of="audit_call"),
    Route("county/classes/<uuid:uid>/ledger/", "export", BOTH, of="training_class"),
    Route("county/classes/<uuid:uid>/ledger.zip", NOBODY, of="training_class"),  # but once it is made
    Route("county/classes/<uuid:uid>/close/", "close_class", BOTH, of="training_class"),
]
