"""The doors of this room."""

from django.urls import include, path

from commonweal.matching import views

app_name = "matching"
urlpatterns = [
    path("policy/cost/", views.costs, name="costs"),
    path("", include("commonweal.matching.policy.urls")),
    path("", include("commonweal.matching.rings.urls")),
]
