"""Where the desk's pages stand."""

from django.urls import path

from commonweal.web.desk import asks, letters, shifts

app_name = "desk"
urlpatterns = [
    path("desk/", asks.now, name="now"),
    path("desk/board/", asks.board, name="board"),
    path("desk/find/", asks.find, name="find"),
    path("desk/ask/<str:code>/", asks.one, name="ask"),
    path("desk/ask/<str:code>/invite/", asks.invite, name="invite"),
    path("desk/ask/<str:code>/note/", asks.note, name="note"),
    path("desk/ask/<str:code>/reach/", asks.reach, name="reach"),
    path("desk/ask/<str:code>/hold/", asks.hold, name="hold"),
    path("desk/ask/<str:code>/release/", asks.release, name="release"),
    path("desk/ask/<str:code>/again/", asks.again, name="again"),
    path("desk/ask/<str:code>/close/", asks.close, name="close"),
    path("desk/letters/", letters.dead, name="letters"),
    path("desk/letters/<uuid:pk>/again/", letters.again, name="letter_again"),
    path("desk/letters/<uuid:pk>/drop/", letters.drop, name="letter_drop"),
    path("desk/shift/", shifts.shift, name="shift"),
    path("desk/shift/start/", shifts.start, name="shift_start"),
    path("desk/shift/end/", shifts.end, name="shift_end"),
    path("desk/shift/hand-over/", shifts.hand_over, name="shift_hand_over"),
]
