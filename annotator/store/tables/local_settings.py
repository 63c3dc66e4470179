"""Settings of this copy of the project file, and the id under which it writes its log."""

import sqlite3
import uuid
from pathlib import Path

import orjson

PROJECT = "project"
_MACHINE = Path("/etc/machine-id")


def put(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Set a setting of this copy."""
    connection.execute("INSERT OR REPLACE INTO setting(key, value) VALUES(?,?)", (key, value))


def get(connection: sqlite3.Connection, key: str) -> str:
    """Return a setting of this copy, "" when it is not set."""
    row = connection.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else ""


def own_id(connection: sqlite3.Connection, path: Path) -> str:
    """Return this device's id.

    A copied or moved file gets a new one, so that two copies never write the same numbers.
    """
    bound: dict[str, object] = {
        "machine": _machine(),
        "inode": path.stat().st_ino,
        "path": str(path),
    }
    device = orjson.loads(get(connection, "device") or "{}")
    if any(device.get(key) != value for key, value in bound.items()):
        device = {"id": uuid.uuid4().hex, **bound}
        put(connection, "device", orjson.dumps(device).decode())
    return str(device["id"])


def forget(connection: sqlite3.Connection) -> None:
    """Make a copy nobody's.

    Whoever opens it gets an id of their own, also where it replaces the file it was made from.
    """
    connection.execute("DELETE FROM setting WHERE key IN ('device', 'holder')")


def _machine() -> str:
    try:
        return _MACHINE.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return f"{uuid.getnode():x}"
