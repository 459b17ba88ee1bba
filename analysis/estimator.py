"""The interface of scikit-learn for our estimators, without loading scikit-learn: its import costs a second of
processor time, as much as a whole analysis of 1,000 texts. It is loaded where something of it is asked for."""

from __future__ import annotations

import inspect
from typing import Any, Self


class Estimator:
    """Base of classes whose ``__init__`` only keeps its parameters and whose ``fit`` sets attributes ending in ``_``.

    Has what scikit-learn's tools (``clone``, ``Pipeline``, searches) ask of an estimator.
    """

    @classmethod
    def _parameter_names(cls) -> list[str]:
        return sorted(set(inspect.signature(cls.__init__).parameters) - {"self"})

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The parameters by name. ``deep`` is there for scikit-learn: no parameter of ours is an estimator."""
        return {name: getattr(self, name) for name in self._parameter_names()}

    def set_params(self, **params: Any) -> Self:
        """Change parameters. Raises ``ValueError`` for a name that ``__init__`` does not have."""
        unknown = params.keys() - set(self._parameter_names())
        if unknown:
            raise ValueError(f"{type(self).__name__} has no parameter {', '.join(sorted(unknown))}")
        vars(self).update(params)
        return self

    def check_is_fitted(self) -> None:
        """Raises scikit-learn's ``NotFittedError`` before ``fit``."""
        if not any(name.endswith("_") for name in vars(self)):
            from sklearn.exceptions import NotFittedError

            raise NotFittedError(f"{type(self).__name__} has not learnt anything yet: call fit first")

    def __sklearn_tags__(self) -> Any:
        from sklearn.base import BaseEstimator
        from sklearn.utils import TransformerTags

        tags = BaseEstimator.__sklearn_tags__(self)
        if hasattr(self, "transform"):
            tags.transformer_tags = TransformerTags()
        return tags
