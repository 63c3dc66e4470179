"""Archives of strangers: what a format asks for by its name is read, within limits.

Nothing is ever unpacked to a folder.
"""

import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from annotator.errors import InputError
from annotator.i18n import _

_LARGEST = 512 * 1024 * 1024
_MOST_FILES = 100_000
_DENSEST = 200  # times smaller than its content: text shrinks to a tenth, a bomb to a thousandth
_SMALL = 1024 * 1024  # of which no density is suspect
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
    IndexError,
)


class Archive:
    """The files of an archive that may be read, by name.

    All of them together may not be larger than the limit.
    """

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self.path = path
        self._archive = archive
        self._left = _LARGEST
        infos = [info for info in archive.infolist() if not info.is_dir()]
        if len(infos) > _MOST_FILES:
            raise InputError(
                path, 0, _("the archive holds more than {count} files").format(count=_MOST_FILES)
            )
        name, times = (
            Counter(info.filename for info in infos).most_common(1)[0] if infos else ("", 0)
        )
        if times > 1:
            raise InputError(path, 0, _("the archive holds {name} several times").format(name=name))
        self._infos = {info.filename: info for info in infos}

    @property
    def names(self) -> list[str]:
        """Names of the files."""
        return list(self._infos)

    def read(self, name: str) -> bytes:
        """Return the content of a file.

        One that is not there, encrypted, too large or too dense is an InputError.
        """
        info = self._infos.get(name)
        if info is None:
            raise self._fault(_("the archive holds no {name}").format(name=name))
        if info.flag_bits & 1:
            reason = _("{name} is encrypted; save the file without a password")
            raise self._fault(reason.format(name=name))
        dense = info.file_size > _SMALL and info.file_size > _DENSEST * max(info.compress_size, 1)
        if dense or info.file_size > self._left:
            raise self._fault(_("{name} would be too large when unpacked").format(name=name))
        try:
            with self._archive.open(info) as file:
                data = file.read(info.file_size + 1)
        except _BROKEN as error:
            reason = _("{name} cannot be unpacked; the file is damaged")
            raise self._fault(reason.format(name=name)) from error
        if len(data) > info.file_size:
            raise self._fault(_("{name} is larger than the archive says").format(name=name))
        self._left -= len(data)
        return data

    def _fault(self, reason: str) -> InputError:
        return InputError(self.path, 0, reason)


@contextmanager
def opened_archive(path: Path) -> Iterator[Archive]:
    """Open a zip archive for reading; what is none is an InputError."""
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN as error:
        raise InputError(path, 0, _("this is no zip archive, or it is damaged")) from error
    with archive:
        yield Archive(path, archive)
