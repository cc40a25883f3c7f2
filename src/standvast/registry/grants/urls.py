"""Addresses under /oauth/ and /grants/, and the two that standards fix."""

from django.urls import URLPattern, path

from standvast.registry.grants.pages import authorise, discovery, people, tokens

app_name = "grants"

urlpatterns: list[URLPattern] = [
    path(".well-known/openid-configuration", discovery.openid, name="openid"),
    path("fhir/.well-known/smart-configuration", discovery.smart, name="smart"),
    path("oauth/keys/", discovery.keys, name="keys"),
    path("oauth/authorize/", authorise.authorise, name="authorise"),
    path("oauth/token/", tokens.token, name="token"),
    path("oauth/userinfo/", tokens.userinfo, name="userinfo"),
    path("oauth/introspect/", tokens.introspect, name="introspect"),
    path("oauth/revoke/", tokens.revoke, name="revoke"),
    path("grants/", people.mine, name="mine"),
    path("grants/launch/", people.launch, name="launch"),
    path("grants/end/", people.end, name="end"),
]
