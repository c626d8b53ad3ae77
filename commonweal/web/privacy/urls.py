"""Where one's own page of what is held stands."""

from django.urls import path

from commonweal.web.privacy import views

urlpatterns = [
    path("me/privacy/", views.mine, name="privacy"),
    path("me/privacy/mine.json", views.mine_as_file, {"ending": "json"}, name="privacy_json"),
    path("me/privacy/mine.html", views.mine_as_file, {"ending": "html"}, name="privacy_html"),
    path("me/privacy/erase/", views.erase_me, name="erase_me"),
    path("a/<str:token>/kept/", views.of_ask, name="kept"),
    path("a/<str:token>/kept/mine.json", views.of_ask_as_file, {"ending": "json"}, name="kept_json"),
    path("a/<str:token>/kept/mine.html", views.of_ask_as_file, {"ending": "html"}, name="kept_html"),
    path("a/<str:token>/kept/erase/", views.erase_ask, name="erase_ask"),
]
