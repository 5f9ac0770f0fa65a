"""Templates of programmes: one TOML file each, data only. ``load`` finds them by file name; nothing in them is skipped silently."""

from __future__ import annotations

import functools
import tomllib
from importlib import resources

from formcheck.errors import SpecError
from formcheck.programmes.programme import Template


@functools.cache
def names() -> tuple[str, ...]:
    """Return the ids of all templates, sorted."""
    files = resources.files(__name__).iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


@functools.cache
def load(template_id: str) -> Template:
    """Return the template of that id. Raises SpecError when there is none."""
    if template_id not in names():
        known = ", ".join(names())
        raise SpecError(
            f"There is no template {template_id}. There are: {known}.",
            code="unknown_template",
            name=template_id,
            known=known,
        )
    text = resources.files(__name__).joinpath(f"{template_id}.toml").read_text(encoding="utf-8")
    return Template.model_validate({"id": template_id, **tomllib.loads(text)})
