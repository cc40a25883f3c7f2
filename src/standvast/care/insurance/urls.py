"""Addresses under /insurance/ and /claims/."""

from django.urls import URLPattern, path

from standvast.care.insurance.pages import bundles, coverage, lines, nights, programmes, tariffs

app_name = "insurance"

urlpatterns: list[URLPattern] = [
    path("insurance/", coverage.to_look_at, name="to_look_at"),
    path("insurance/nights/", nights.nights, name="nights"),
    path("insurance/nights/now/", nights.nights_now, name="nights_now"),
    path("insurance/nights/begin/", nights.begin, name="nights_begin"),
    path("insurance/<uuid:patient_id>/check/", coverage.check, name="check"),
    path("insurance/<uuid:patient_id>/now/", coverage.now, name="now"),
    path("claims/", bundles.overview, name="claims"),
    path("claims/prepare/", bundles.prepare, name="prepare"),
    path("claims/tariffs/", tariffs.tariffs, name="tariffs"),
    path("claims/tariffs/set/", tariffs.set_one, name="tariffs_set"),
    path("claims/tariffs/<uuid:tariff_id>/take-back/", tariffs.take_back, name="tariff_back"),
    path("claims/partners/", programmes.partners, name="partners"),
    path("claims/patients/<uuid:patient_id>/enrol/", programmes.enrol, name="enrol"),
    path("claims/patients/<uuid:patient_id>/leave/", programmes.leave, name="leave"),
    path("claims/patients/<uuid:patient_id>/activity/", programmes.activity, name="activity"),
    path("claims/activities/<uuid:activity_id>/withdraw/", programmes.withdraw, name="withdraw"),
    path("claims/lines/<uuid:line_id>/", lines.line, name="line"),
    path("claims/lines/<uuid:line_id>/correct/", lines.correct, name="correct"),
    path("claims/lines/<uuid:line_id>/credit/", lines.credit, name="credit"),
    path("claims/<uuid:bundle_id>/", bundles.bundle, name="bundle"),
    path("claims/<uuid:bundle_id>/sums/", bundles.sums, name="sums"),
    path("claims/<uuid:bundle_id>/validate/", bundles.validate, name="validate"),
    path("claims/<uuid:bundle_id>/ask/", bundles.ask, name="ask"),
    path("claims/<uuid:bundle_id>/decide/", bundles.decide, name="decide"),
    path("claims/<uuid:bundle_id>/back/", bundles.back, name="back"),
    path("claims/<uuid:bundle_id>/submit/", bundles.preview, name="submit"),
    path("claims/<uuid:bundle_id>/paid/", lines.paid, name="paid"),
    path("claims/<uuid:bundle_id>/paid.csv", lines.paid_csv, name="paid_csv"),
    path("claims/<uuid:bundle_id>/<int:version>/<slug:written_as>/", lines.exported, name="file"),
]
