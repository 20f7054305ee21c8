"""Every address of the application. A route that does not declare who may take it is refused."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from reknit.web.pages import home, jobs, staff
from reknit.web.routes import ALWAYS, route

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("healthz", home.healthz, name="healthz"),
    path("language/", route(ALWAYS)(set_language), name="set_language"),
    path("staff/", staff.index, name="staff"),
    path("staff/new/", staff.add, name="staff_new"),
    path("staff/<int:user_id>/", staff.one, name="staff_one"),
    path("staff/<int:user_id>/reset/", staff.reset, name="staff_reset"),
    path("staff/<int:user_id>/active/", staff.set_active, name="staff_active"),
    path("offices/", staff.offices, name="offices"),
    path("jobs/", jobs.index, name="jobs"),
    path("jobs/<uuid:job_id>/", jobs.change, name="job"),
    path("", include("reknit.web.accounts.urls")),
]

handler400 = "reknit.web.refusals.bad_request"
handler403 = "reknit.web.refusals.forbidden"
handler404 = "reknit.web.refusals.not_found"
handler429 = "reknit.web.refusals.too_many"
handler500 = "reknit.web.refusals.failed"
