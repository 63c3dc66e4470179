"""The tables of a project file, and the numbers that name its kind and version.

`event` and `text` are the truth; `setting` belongs to this copy of the file; all else follows from
the log (see events/apply.py) and can be rebuilt at any time. A migration in migrations.py makes or
alters them; this module only describes version 1. What the log and the tables call a `layer` is an
annotation set.
"""

import re

APPLICATION_ID = 0x416E7431  # "Ant1"
VERSION = 1

TRUTH = """
CREATE TABLE event(
    device TEXT NOT NULL,
    seq INTEGER NOT NULL,
    actor TEXT NOT NULL,
    layer TEXT NOT NULL,
    entity TEXT NOT NULL,
    kind TEXT NOT NULL,
    lamport INTEGER NOT NULL,
    wall_ms INTEGER NOT NULL,
    tz_min INTEGER NOT NULL,
    step TEXT NOT NULL,
    title TEXT NOT NULL,
    undoes TEXT NOT NULL,
    payload TEXT NOT NULL,
    prev TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY(device, seq)
);
CREATE INDEX event_of_entity ON event(layer, entity);
CREATE INDEX event_of_step ON event(step);
CREATE INDEX event_in_order ON event(lamport, device, seq);
CREATE TABLE text(sha256 TEXT NOT NULL PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE setting(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""

CURRENT = """
CREATE TABLE document(
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    length INTEGER NOT NULL,
    language TEXT NOT NULL,
    direction TEXT NOT NULL,
    paragraphs TEXT NOT NULL,
    meta TEXT NOT NULL,
    file TEXT NOT NULL,
    encoding TEXT NOT NULL,
    newline TEXT NOT NULL,
    raw_sha256 TEXT NOT NULL
);
CREATE INDEX document_by_text ON document(sha256);
CREATE TABLE annotator(n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
CREATE TABLE layer(
    n INTEGER PRIMARY KEY,
    document INTEGER NOT NULL REFERENCES document(n),
    annotator INTEGER NOT NULL REFERENCES annotator(n),
    status TEXT NOT NULL,
    attributes TEXT NOT NULL,
    spans INTEGER NOT NULL,
    relations INTEGER NOT NULL,
    UNIQUE(document, annotator)
);
CREATE TABLE span(
    layer INTEGER NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    label TEXT NOT NULL,
    start_at INTEGER NOT NULL,
    end_at INTEGER NOT NULL,
    fragments TEXT NOT NULL,
    text TEXT NOT NULL,
    attributes TEXT NOT NULL,
    note TEXT NOT NULL,
    origin TEXT NOT NULL,
    PRIMARY KEY(layer, id)
) WITHOUT ROWID;
CREATE TABLE relation(
    layer INTEGER NOT NULL,
    id TEXT NOT NULL,
    label TEXT NOT NULL,
    head TEXT NOT NULL,
    child TEXT,
    implicit TEXT,
    attributes TEXT NOT NULL,
    PRIMARY KEY(layer, id)
) WITHOUT ROWID;
CREATE TABLE loose(
    layer INTEGER NOT NULL,
    id TEXT NOT NULL,
    label TEXT NOT NULL,
    head TEXT NOT NULL,
    child TEXT,
    implicit TEXT,
    attributes TEXT NOT NULL,
    PRIMARY KEY(layer, id)
) WITHOUT ROWID;
CREATE TABLE answer(
    layer INTEGER NOT NULL,
    suggestion TEXT NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY(layer, suggestion)
) WITHOUT ROWID;
CREATE TABLE decision(
    layer INTEGER NOT NULL,
    id TEXT NOT NULL,
    outcome TEXT NOT NULL,
    chosen TEXT NOT NULL,
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    adjudicator TEXT NOT NULL,
    rule TEXT NOT NULL,
    saw TEXT NOT NULL,
    made TEXT NOT NULL,
    PRIMARY KEY(layer, id)
) WITHOUT ROWID;
CREATE TABLE activity(
    device TEXT NOT NULL,
    seq INTEGER NOT NULL,
    document TEXT NOT NULL,
    annotator TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    active_ms INTEGER NOT NULL,
    PRIMARY KEY(device, seq)
) WITHOUT ROWID;
CREATE TABLE split(
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    part TEXT NOT NULL,
    PRIMARY KEY(name, document)
) WITHOUT ROWID;
CREATE TABLE visitor(device TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE assignment(
    id TEXT NOT NULL,
    annotator TEXT NOT NULL,
    document TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY(document, annotator, id)
) WITHOUT ROWID;
CREATE TABLE receipt(
    device TEXT NOT NULL PRIMARY KEY,
    annotator TEXT NOT NULL,
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL,
    at_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE schema(n INTEGER PRIMARY KEY, tag TEXT NOT NULL, plain TEXT NOT NULL);
CREATE TABLE step(
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    actor TEXT NOT NULL,
    title TEXT NOT NULL,
    wall_ms INTEGER NOT NULL,
    state TEXT NOT NULL
);
CREATE INDEX step_by_state ON step(actor, state, n);
"""

DERIVED = tuple(re.findall(r"CREATE TABLE (\w+)", CURRENT))
KNOWN = {*DERIVED, "event", "text", "setting", "_sqlite_migrations"}
