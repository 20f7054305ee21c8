"""Every address of the application. A route that is not declared in guard's table is refused."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
