"""Prices: what tokens cost. There is no table of vendors' prices here: it would soon be wrong, and look right."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, model_validator

_MILLION = 1_000_000


class Price(BaseModel):
    """US dollars for a million tokens. `cached` is for prompt tokens that the server had in its cache."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    prompt: float = Field(ge=0)
    completion: float = Field(ge=0)
    cached: float | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _reduces(self) -> Price:
        if self.cached is not None and self.cached > self.prompt:
            raise ValueError("cached tokens can't cost more than others: what a request costs at most counts them so")
        return self

    def cost(self, prompt: int, cached: int, completion: int) -> float:
        """Dollars for some tokens; `cached` of the `prompt` tokens came from the cache."""
        cached = min(cached, prompt)
        reduced = self.prompt if self.cached is None else self.cached
        return ((prompt - cached) * self.prompt + cached * reduced + completion * self.completion) / _MILLION
