"""Any form of any room, printed with `{{ form }}`, looks like the rest of the pages."""

from pathlib import Path

from django import forms
from django.forms.renderers import DjangoTemplates
from django.template.backends.django import DjangoTemplates as Backend
from django.utils.functional import cached_property


class Renderer(DjangoTemplates):
    """Django's own widgets inside our fields. Named by the setting FORM_RENDERER."""

    form_template_name = "web/components/form.html"
    field_template_name = "web/components/field_group.html"

    @cached_property
    def engine(self) -> Backend:
        """Django's engine for forms, which knows our components besides."""
        return Backend(
            {
                "NAME": "forms",
                "APP_DIRS": True,
                "DIRS": [Path(forms.__file__).parent / "templates"],
                "OPTIONS": {
                    "builtins": ["django.templatetags.i18n", "commonweal.web.templatetags.commonweal"]
                },
            }
        )
