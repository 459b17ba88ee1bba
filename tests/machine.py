"""What this machine lacks: named in the closing lines, and in CI a failure instead of a skip."""
import os
from typing import NoReturn

import pytest

lacking: dict[str, str] = {}


def lacks(what: str, reason: str) -> NoReturn:
    """Skip the test because the machine lacks something; with CI=true fail it."""
    lacking[what] = reason
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is required in CI: {reason}", pytrace=False)
    pytest.skip(f"{what}: {reason}")
