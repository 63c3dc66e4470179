"""The bundle as a file: a zip with a manifest and the members it lists, and nothing else.

A bundle travels by mail and stick and may come from anybody, so nothing is unpacked to the disk and
what is odd is refused: members are read by the names we know, within limits of size and of
compression, and each is compared with the length and the SHA-256 that the manifest gives. That
finds accidents; that nobody rewrote a log on purpose is seen where its hashes meet what was
received before.
"""

import io
import os
import stat
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from annotator import __version__
from annotator.errors import InputError, UserError, clean
from annotator.files import sync_folder
from annotator.i18n import _
from annotator.store.file.opening import spare_project

FORMAT = 1
SUFFIX = ".annot-bundle"
MANIFEST = "manifest.json"
EVENTS, TEXTS, DOCUMENTS, LAYERS, SCHEMA = (
    "events.jsonl",
    "texts.jsonl",
    "documents.jsonl",
    "layers.jsonl",
    "schema.json",
)
MEMBERS = {
    "assignment": (DOCUMENTS, LAYERS, SCHEMA, TEXTS),
    "return": (EVENTS, TEXTS),
    "receipt": (),
}
_NAMES = {MANIFEST, *(name for names in MEMBERS.values() for name in names)}
MOST_BYTES, MOST_TOGETHER, MOST_RATIO = 200 << 20, 500 << 20, 200
SMALL = 1 << 20
MOST_NUMBER = 1 << 53
_REGULAR = (0, stat.S_IFREG)
_NOT_WHOLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    zlib.error,
)
"""What `zipfile` raises at what was damaged, cut short or never a bundle."""

Range = tuple[int, int, str]
"""The first and the last event of a device, and the hash of the last."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle says of itself.

    kind: "assignment", "return" or "receipt". project: the project's id; name: its name for people.
    annotator: whom it was made for, or by. schema: "id@version" that the work rests on. lamport:
    how far the log was. ranges: the events of each device that are in it, or in a receipt have
    arrived: first, last, the hash of the last.
    """

    kind: str
    project: str
    name: str
    annotator: str
    made_ms: int
    id: str = ""
    schema: str = ""
    lamport: int = 0
    ranges: Mapping[str, Range] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that was read and is whole; where it came from, for messages."""

    path: Path
    manifest: Manifest
    members: Mapping[str, bytes] = field(default_factory=dict)

    def refuse(self, reason: str, line: int = 0) -> InputError:
        """Return the error that names the bundle and says why it is not taken."""
        return InputError(self.path, line, reason)

    def texts(self) -> dict[str, str]:
        """Return the texts by their SHA-256.

        Raises InputError where one is not what its hash says.
        """
        texts: dict[str, str] = {}
        for row in self.lines(TEXTS):
            if not (
                isinstance(row, list)
                and len(row) == 2
                and all(isinstance(part, str) for part in row)
            ):
                raise self.refuse(_("its texts cannot be read"))
            if sha256(row[1].encode()).hexdigest() != row[0]:
                raise self.refuse(_("a text in it was changed"))
            texts[row[0]] = row[1]
        return texts

    def lines(self, member: str) -> list[Any]:
        """Return the values of a member of JSON lines."""
        try:
            return [orjson.loads(line) for line in self.members[member].split(b"\n") if line]
        except orjson.JSONDecodeError as error:
            raise self.refuse(
                _("{member} is not made of JSON lines").format(member=member)
            ) from error


def json_lines(values: list[Any]) -> bytes:
    """Return values as JSON lines."""
    return b"".join(orjson.dumps(value) + b"\n" for value in values)


def schema_version(tag: str) -> int:
    """Return the version of a schema from its tag, such as "news@2"; 0 where there is none."""
    number = tag.rpartition("@")[2]
    return int(number) if number.isdecimal() else 0


def now_ms() -> int:
    """Return the time of day, to be shown to people."""
    return time.time_ns() // 1_000_000


# ── Writing ───────────────────────────────────────────────────────────────────────────────────────


def write_bundle(path: Path, manifest: Manifest, members: Mapping[str, bytes]) -> Bundle:
    """Write a bundle beside its place, read it back, and move it there.

    What was there before stays until then.
    """
    spare_project(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".bundle-", dir=path.parent) as folder:
            draft = Path(folder) / "draft"
            with draft.open("wb") as file:
                file.write(_packed(manifest, members))
                file.flush()
                os.fsync(file.fileno())
            written = read_bundle(draft)
            draft.replace(path)
            sync_folder(path.parent)
    except OSError as error:
        message = _("The bundle {path} cannot be written: {reason}. Choose another folder or name.")
        raise UserError(message.format(path=str(path), reason=error.strerror or error)) from error
    return Bundle(path, written.manifest, written.members)


def _packed(manifest: Manifest, members: Mapping[str, bytes]) -> bytes:
    plain = {
        "format": FORMAT,
        "program": __version__,
        **asdict(manifest),
        "members": _listed(members),
    }
    contents = {MANIFEST: orjson.dumps(plain, option=orjson.OPT_INDENT_2), **members}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(name)  # of no time of its own: equal work gives equal files
            entry.compress_type = _compression(content)
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def _compression(content: bytes) -> int:
    # What packs as a bomb does would be refused on arrival.
    if len(content) < _most_unpacked(content):
        return zipfile.ZIP_DEFLATED
    return zipfile.ZIP_STORED


def _most_unpacked(content: bytes) -> int:
    return max(SMALL, MOST_RATIO // 2 * len(zlib.compress(content, 1)))


# ── Reading ───────────────────────────────────────────────────────────────────────────────────────


def read_bundle(path: Path) -> Bundle:
    """Read a bundle; raises InputError with the reason where it is not whole, or not one."""
    bare = Bundle(path, Manifest("", "", "", "", 0))
    with _refused(bare):
        if not stat.S_ISREG(path.stat().st_mode):
            reason = _("this is not a file; name the bundle itself, its name ends in {suffix}")
            raise bare.refuse(reason.format(suffix=SUFFIX))
        with zipfile.ZipFile(path) as archive:
            entries = _known_entries(bare, archive)
            plain = _manifest_plain(bare, _content(bare, archive, entries.pop(MANIFEST)))
            manifest = _manifest(bare, plain)
            members = {name: _content(bare, archive, entry) for name, entry in entries.items()}
    bundle = Bundle(path, manifest, members)
    _refuse_other_content(bundle, plain["members"])
    return bundle


@contextmanager
def _refused(bare: Bundle) -> Iterator[None]:
    """Turn the errors of reading a file and of unpacking it into a refusal of the bundle."""
    try:
        yield
    except FileNotFoundError as error:
        raise bare.refuse(_("there is no such file; check the name")) from error
    except OSError as error:
        reason = _("the file cannot be read: {reason}")
        raise bare.refuse(reason.format(reason=error.strerror or error)) from error
    except _NOT_WHOLE as error:
        reason = _("this is not a whole bundle (damaged or cut short); ask for it again")
        raise bare.refuse(reason) from error


def _known_entries(bare: Bundle, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the members by name; refuse what we would never write."""
    entries: dict[str, zipfile.ZipInfo] = {}
    for entry in archive.infolist():
        if entry.filename not in _NAMES or entry.filename in entries:
            reason = _(
                "it holds {name}, which a bundle does not hold, or not twice; it was not opened"
            )
            raise bare.refuse(reason.format(name=entry.filename))
        _refuse_odd_entry(bare, entry)
        entries[entry.filename] = entry
    if sum(entry.file_size for entry in entries.values()) > MOST_TOGETHER:
        raise bare.refuse(_("it would unpack to more than {size} bytes").format(size=MOST_TOGETHER))
    if MANIFEST not in entries:
        raise bare.refuse(_("it has no manifest, so it is not a bundle of this program"))
    return entries


def _refuse_odd_entry(bare: Bundle, entry: zipfile.ZipInfo) -> None:
    """Refuse a member that is not a plain file, or would unpack to too much."""
    if entry.flag_bits & 1 or stat.S_IFMT(entry.external_attr >> 16) not in _REGULAR:
        reason = _("{name} is encrypted or not a plain file; it was not opened")
        raise bare.refuse(reason.format(name=entry.filename))
    most = min(MOST_BYTES, max(SMALL, MOST_RATIO * entry.compress_size))
    if entry.file_size > most:
        reason = _("{name} would unpack to {size} bytes, which is too much")
        raise bare.refuse(reason.format(name=entry.filename, size=entry.file_size))


def _content(bare: Bundle, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as member:
        content = member.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise bare.refuse(_("{name} is longer or shorter than it says").format(name=entry.filename))
    return content


def _manifest_plain(bare: Bundle, content: bytes) -> dict[str, Any]:
    try:
        plain = orjson.loads(content)
        if (
            not isinstance(plain, dict)
            or not isinstance(plain["format"], int)
            or not isinstance(plain["members"], dict)
        ):
            raise TypeError  # noqa: TRY301 - one sentence for all that is wrong with its form
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise bare.refuse(_("its manifest cannot be read; ask for the bundle again")) from error
    if plain["format"] != FORMAT:
        reason = _(
            "it is of the bundle format {found}, and this program knows {known}; install the newer"
            " version of the program"
        )
        raise bare.refuse(reason.format(found=plain["format"], known=FORMAT))
    return plain


def _manifest(bare: Bundle, plain: Mapping[str, Any]) -> Manifest:
    try:
        values = {entry.name: plain[entry.name] for entry in fields(Manifest)}
        ranges = _ranges(values["ranges"])
        is_sound = _are_sound(values) and all(map(_is_sound_range, ranges.items()))
        counts = {str(key): int(count) for key, count in values["counts"].items()}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise bare.refuse(_("its manifest lacks something; ask for the bundle again")) from error
    if not is_sound:
        raise bare.refuse(_("its manifest says what cannot be; ask for the bundle again"))
    return Manifest(**{**values, "ranges": ranges, "counts": counts})


def _ranges(values: Mapping[str, Any]) -> dict[str, Range]:
    ranges = {}
    for device, (first, last, digest) in values.items():
        ranges[device] = (int(first), int(last), str(digest))
    return ranges


def _is_sound_range(entry: tuple[str, Range]) -> bool:
    device, (first, last, _hash) = entry
    return _is_name(device) and 0 < first <= last < MOST_NUMBER


def _are_sound(values: Mapping[str, Any]) -> bool:
    """Return whether the texts and numbers of a manifest can be what the program writes."""
    texts = ("kind", "project", "name", "annotator", "id", "schema")
    return (
        all(_is_name(values[key]) for key in texts)
        and values["kind"] in MEMBERS
        and all(_is_number(values[key]) for key in ("made_ms", "lamport"))
    )


def _is_number(value: object) -> bool:
    return type(value) is int and 0 <= value < MOST_NUMBER


def _is_name(value: object) -> bool:
    return isinstance(value, str) and len(value) <= 200 and clean(value) == value


def _refuse_other_content(bundle: Bundle, listed: Mapping[str, Any]) -> None:
    content = _listed(bundle.members)
    if content != listed or set(content) != set(MEMBERS[bundle.manifest.kind]):
        raise bundle.refuse(
            _(
                "its content is not what its manifest says: it was damaged or changed on the way;"
                " ask for it again"
            )
        )


def _listed(members: Mapping[str, bytes]) -> dict[str, dict[str, object]]:
    """Return the members as the manifest lists them."""
    return {
        name: {"bytes": len(content), "sha256": sha256(content).hexdigest()}
        for name, content in members.items()
    }
