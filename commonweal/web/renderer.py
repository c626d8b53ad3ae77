"""Any form of any room, printed with `{{ form }}`, looks like the rest of the pages."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.template.backends.django import DjangoTemplates as Backend
from django.utils.functional import cached_property
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe


class Renderer(DjangoTemplates):
    """Django's own widgets inside our fields. Named by the setting FORM_RENDERER."""

    form_template_name = "web/components/form.html"
    field_template_name = "web/components/field_group.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """As Django does; a list to choose from is written without a template for each of its many choices."""
        if template_name == "django/forms/widgets/select.html":
            return _select(context["widget"])
        return super().render(template_name, context, request)

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


def _select(widget: Mapping[str, Any]) -> SafeString:
    """The same HTML that Django's templates make of a select."""
    parts = [f'<select name="{escape(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'<optgroup label="{escape(group)}">')
        parts += [_option(option) for option in options]
        if group:
            parts.append("</optgroup>")
    return mark_safe("".join((*parts, "</select>")))  # nosec B308 - each part is escaped


def _option(option: Mapping[str, Any]) -> str:
    return f'<option value="{escape(option["value"])}"{_attributes(option["attrs"])}>{escape(option["label"])}</option>'


def _attributes(attributes: Mapping[str, Any]) -> str:
    written = (
        f" {name}" if value is True else f' {name}="{escape(value)}"'
        for name, value in attributes.items()
        if value is not False and value is not None
    )
    return "".join(written)
