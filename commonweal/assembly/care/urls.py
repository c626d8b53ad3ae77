"""The doors of care; the room's own list of doors takes them in."""

from django.urls import path

from commonweal.assembly.care.views import owner, reader

urlpatterns = [
    path("told/<str:token>/", owner.told, name="told"),
    path("told/<str:token>/add/", owner.add, name="told_add"),
    path("told/<str:token>/wish/", owner.wish, name="told_wish"),
    path("told/<str:token>/reader/", owner.reader, name="told_reader"),
    path("told/<str:token>/hand/", owner.hand, name="told_hand"),
    path("told/<str:token>/withdraw/", owner.withdraw, name="told_withdraw"),
    path("appeal/<str:token>/", owner.appeal, name="appeal"),
    path("care/", reader.care, name="care"),
    path("care/<uuid:report>/", reader.report, name="report"),
    path("care/<uuid:report>/step/", reader.step, name="report_step"),
    path("care/<uuid:report>/answer/", reader.answer, name="report_answer"),
    path("care/<uuid:report>/note/", reader.note, name="report_note"),
    path("care/<uuid:report>/hand/", reader.hand, name="report_hand"),
    path("care/<uuid:report>/close/", reader.close, name="report_close"),
    path("care/<uuid:report>/measures/", reader.act, name="report_act"),
    path("care/measures/<uuid:measure>/", reader.measure, name="measure"),
    path("care/measures/<uuid:measure>/agree/", reader.agree, name="measure_agree"),
    path("care/measures/<uuid:measure>/answer/", reader.answer_appeal, name="measure_answer"),
    path("care/measures/<uuid:measure>/lift/", reader.lift, name="measure_lift"),
]
