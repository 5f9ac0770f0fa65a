"""Templates of programmes, one TOML file each. ``load`` finds them by file name and refuses unknown entries."""

from __future__ import annotations

import functools
import tomllib
from importlib import resources

from formcheck.errors import SpecError
from formcheck.programmes.programme import Template


@functools.cache
def names() -> tuple[str, ...]:
    """List the templates.

    Returns
    -------
    tuple of str
        Their ids, sorted.
    """
    files = resources.files(__name__).iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


@functools.cache
def load(template_id: str) -> Template:
    """Load a template.

    Parameters
    ----------
    template_id : str
        Its id.

    Returns
    -------
    Template
        The template.

    Raises
    ------
    SpecError
        There is no such template (``unknown_template``).
    """
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
