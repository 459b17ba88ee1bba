"""Routes compiled once for all applications of a test run; compiling them takes longer than most requests."""
from collections.abc import Callable
from typing import Any, ClassVar

from werkzeug.routing import Rule


class CompiledRule(Rule):
    """The functions that build addresses are kept by everything that they are compiled from.

    They get the rule and its converters as an argument, so that those of one application serve any other.
    """

    _kept: ClassVar[dict[tuple[Any, ...], Callable[..., tuple[str, str]]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = self.rule, self.host, self.subdomain, repr(self.defaults), append_unknown
        if key not in self._kept:
            self._kept[key] = super()._compile_builder(append_unknown)
        return self._kept[key]
