"""Lines as files have them, which `str.splitlines` does not give."""


def file_lines(text: str) -> list[str]:
    r"""Return the lines of a file without their ends, which are LF, CR LF or a lone CR.

    Everything else that Python would break at (U+2028, U+0085, VT, FF …) stays inside its line, as
    people's words hold it. An end after the last line begins no other one.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not lines[-1]:
        lines.pop()
    return lines
