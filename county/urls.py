"""Addresses of the `county` app, under /county/."""

from django.urls import path

from county.views import audit, figures, ledger, public, return_mail, returns, samples

app_name = "county"
urlpatterns = [
    path("", figures.desk, name="desk"),
    path("public/", public.public_figures, name="public"),
    path("export.xlsx", figures.export, name="export"),
    path("people/", figures.people, name="people"),
    path("classes/", figures.classes, name="classes"),
    path("classes/<uuid:uid>/ledger/", ledger.ledger, name="ledger"),
    path("classes/<uuid:uid>/ledger.zip", ledger.ledger_archive, name="ledger_archive"),
    path("classes/<uuid:uid>/close/", figures.close, name="close_class"),
    path("audit/", audit.flags, name="audit"),
    path("audit/rows/", audit.rows, name="audit_rows"),
    path("audit/settle/", audit.settle, name="settle_flag"),
    path("audit/settled/<uuid:uid>/back/", audit.take_back, name="reopen_flag"),
    path("audit/samples/", samples.samples, name="samples"),
    path("audit/samples/<uuid:uid>/", samples.sample, name="sample"),
    path("audit/samples/<uuid:uid>/results.xlsx", samples.results, name="sample_results"),
    path("audit/calls/<uuid:uid>/", samples.call, name="audit_call"),
    path("audit/calls/<uuid:uid>/number/", samples.number, name="audit_number"),
    path("returns/", returns.returns, name="returns"),
    path("returns/mail/", return_mail.choice, name="return_mail"),
    path("returns/noted/", return_mail.noted, name="returns_noted"),
    path("returns/<code>/<month>/", returns.monthly_return, name="return"),
    path("returns/<code>/<month>/fill-in/", returns.prepare, name="prepare_return"),
    path("returns/<code>/<month>/check/", returns.check, name="check_return"),
    path("returns/<code>/<month>/sign/", returns.sign, name="sign_return"),
    path("returns/<code>/<month>/send-back/", returns.send_back, name="send_back_return"),
    path("returns/<code>/<month>/return.xlsx", returns.as_xlsx, name="return_xlsx"),
    path("returns/<code>/<month>/return.pdf", returns.as_pdf, name="return_pdf"),
    path("returns/<code>/<month>/return.csv", returns.as_csv, name="return_csv"),
    path("returns/<code>/<month>/return.json", returns.as_json, name="return_json"),
]
