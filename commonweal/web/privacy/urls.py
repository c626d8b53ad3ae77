"""Where one's own page of what is held stands."""

from django.urls import path, register_converter

from commonweal.web.privacy import views


class Ending:
    """The two kinds of file."""

    regex = "json|html"

    def to_python(self, value: str) -> str:
        """As it stands in the address."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands in the address."""
        return value


register_converter(Ending, "ending")
urlpatterns = [
    path("me/privacy/", views.mine, name="privacy"),
    path("me/privacy/mine.<ending:ending>", views.mine_as_file, name="privacy_file"),
    path("me/privacy/erase/", views.erase_me, name="erase_me"),
    path("a/<str:token>/kept/", views.of_ask, name="kept"),
    path("a/<str:token>/kept/mine.<ending:ending>", views.of_ask_as_file, name="kept_file"),
    path("a/<str:token>/kept/erase/", views.erase_ask, name="erase_ask"),
]
