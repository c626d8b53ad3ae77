"""Static files under names that carry their content's hash, so that a browser may keep them for ever."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStatic(CompressedManifestStaticFilesStorage):
    """Tolerates a file that is absent: typeface, htmx and map are installed at set-up, and pages are whole without.

    An absent file keeps its plain name, which answers 404 and harms nothing, instead of stopping the collection of
    all others.
    """

    manifest_strict = False

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        try:
            return str(super().hashed_name(name, content, filename))
        except ValueError:
            return name
