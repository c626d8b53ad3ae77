"""Where the desk's pages stand."""

from django.urls import path

from commonweal.web.desk import asks, broadcasts, calls, commitments, letters, lists, sheets, shifts

app_name = "desk"
urlpatterns = [
    path("desk/", lists.now, name="now"),
    path("desk/queue/", lists.queue, name="queue"),
    path("desk/board/", lists.board, name="board"),
    path("desk/find/", lists.find, name="find"),
    path("desk/need/", calls.take_in, name="need"),
    path("desk/everybody/", broadcasts.broadcasts, name="broadcasts"),
    path("desk/everybody/<uuid:pk>/stop/", broadcasts.stop, name="broadcast_stop"),
    path("desk/sheets/", sheets.sheets, name="sheets"),
    path("desk/ask/<str:code>/", asks.one, name="ask"),
    path("desk/ask/<str:code>/invite/", asks.invite, name="invite"),
    path("desk/ask/<str:code>/note/", asks.note, name="note"),
    path("desk/ask/<str:code>/reach/", asks.reach, name="reach"),
    path("desk/ask/<str:code>/hold/", asks.hold, name="hold"),
    path("desk/ask/<str:code>/release/", asks.release, name="release"),
    path("desk/ask/<str:code>/again/", asks.again, name="again"),
    path("desk/ask/<str:code>/take/", asks.take, name="take"),
    path("desk/ask/<str:code>/close/", asks.close, name="close"),
    path("desk/ask/<str:code>/<uuid:match>/how/", commitments.how, name="how"),
    path("desk/ask/<str:code>/<uuid:match>/went/", commitments.went, name="went"),
    path("desk/ask/<str:code>/<uuid:match>/drop/", commitments.drop, name="drop"),
    path("desk/ask/<str:code>/<uuid:match>/back/", commitments.back, name="back"),
    path("desk/ask/<str:code>/<uuid:match>/longer/", commitments.longer, name="longer"),
    path("desk/letters/", letters.dead, name="letters"),
    path("desk/letters/again/", letters.all_again, name="letters_again"),
    path("desk/letters/<uuid:pk>/again/", letters.again, name="letter_again"),
    path("desk/letters/<uuid:pk>/drop/", letters.drop, name="letter_drop"),
    path("desk/shift/", shifts.shift, name="shift"),
    path("desk/shift/start/", shifts.start, name="shift_start"),
    path("desk/shift/plan/", shifts.plan, name="shift_plan"),
    path("desk/shift/<uuid:pk>/end/", shifts.end, name="shift_end"),
    path("desk/shift/hand-over/", shifts.hand_over, name="shift_hand_over"),
]
