"""What every part of a specification shares: a frozen model, a text in two languages, and the words for views and units."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

ViewName = Literal["side", "front", "oblique"]
"""A direction of the camera. An exercise is judged from some of them."""
Unit = Literal["deg", "ratio", "s", "count"]


class SpecModel(BaseModel):
    """A part of a specification: it cannot be changed, and it refuses fields that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(SpecModel):
    """A short text in English and in Danish."""

    en: str = Field(min_length=1)
    da: str = Field(min_length=1)

    def __getitem__(self, language: str) -> str:
        return self.da if language == "da" else self.en
