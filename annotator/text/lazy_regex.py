"""Regular expressions that are compiled when they are first used.

To compile all of them at the start would be felt.
"""

import re
from collections.abc import Callable
from functools import cache


def pattern(source: str, flags: int = 0) -> Callable[[], re.Pattern[str]]:
    """Return a function that compiles an expression at its first call and then keeps it.

    An error in the expression is found at that call.
    """
    return cache(lambda: re.compile(source, flags))
