"""Bundles as files and as messages.

What is odd about one is refused with the reason, and what is sound arrives whole.
"""

import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from annotator.errors import InputError, UserError
from annotator.model import AnnotationSet, Document, Label, Names, Relation, Span
from annotator.model.schema_files import load_schema
from annotator.store import Store, annotator_id
from annotator.store.exchange.bundle import (
    EVENTS,
    MANIFEST,
    TEXTS,
    Bundle,
    read_bundle,
    write_bundle,
)
from annotator.store.exchange.working_copy import note_of_return
from tests.store.copies import LEAD, PEOPLE, World, chained, events_of, log_of, with_events

Members = dict[str, bytes]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


def saved(world: World, path: Path) -> Bundle:
    """Write the work of machine b to a file."""
    world.put("b", "d0", "s1")
    bundle = world.returned("b")
    return write_bundle(path, bundle.manifest, bundle.members)


def unpacked(path: Path) -> Members:
    """Return the members of a zip file."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(
    path: Path, members: Members, change: Callable[[zipfile.ZipInfo], object] = lambda _entry: None
) -> Path:
    """Make a zip file of members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            change(entry)
            archive.writestr(entry, content)
    return path


def manifest_with(members: Members, **other: object) -> Members:
    """Return members with something else in the manifest."""
    return {**members, MANIFEST: orjson.dumps({**orjson.loads(members[MANIFEST]), **other})}


def refusal(path: Path) -> str:
    """Return why a bundle is not taken."""
    with pytest.raises(InputError) as caught:
        read_bundle(path)
    return caught.value.problem.reason


# ── The file ──────────────────────────────────────────────────────────────────────────────────────


def test_a_bundle_comes_back_as_it_was_written(world: World, tmp_path: Path) -> None:
    made = saved(world, tmp_path / "b.annot-bundle")
    assert read_bundle(tmp_path / "b.annot-bundle") == made
    before = (tmp_path / "b.annot-bundle").read_bytes()
    write_bundle(tmp_path / "b.annot-bundle", made.manifest, made.members)
    assert (tmp_path / "b.annot-bundle").read_bytes() == before
    assert not list(tmp_path.glob(".bundle*"))


@pytest.mark.parametrize(
    "name", ["../evil.txt", "/etc/evil", "C:\\evil.txt", "events.jsonl/../x", "other.txt"]
)
def test_members_that_do_not_belong_are_not_opened(name: str, world: World, tmp_path: Path) -> None:
    saved(world, tmp_path / "b.annot-bundle")
    pack(tmp_path / "evil.annot-bundle", {**unpacked(tmp_path / "b.annot-bundle"), name: b"x"})
    assert "which a bundle does not hold" in refusal(tmp_path / "evil.annot-bundle")
    assert not (tmp_path.parent / "evil.txt").exists()


def test_a_member_may_not_come_twice_be_a_link_or_a_bomb(world: World, tmp_path: Path) -> None:
    saved(world, tmp_path / "b.annot-bundle")
    members = unpacked(tmp_path / "b.annot-bundle")
    twice = pack(tmp_path / "twice", members)
    with zipfile.ZipFile(twice, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(EVENTS, b"")
    assert "or not twice" in refusal(twice)
    link = pack(
        tmp_path / "link", members, lambda entry: setattr(entry, "external_attr", 0o120777 << 16)
    )
    assert "not a plain file" in refusal(link)
    bomb = pack(tmp_path / "bomb", {**members, TEXTS: b"0" * (5 << 20)})
    assert "too much" in refusal(bomb)


def test_what_packs_like_a_bomb_is_stored_so_that_it_arrives(world: World, tmp_path: Path) -> None:
    bundle = world.returned("b")
    members = {**bundle.members, TEXTS: b"0" * (3 << 20)}
    assert write_bundle(tmp_path / "big", bundle.manifest, members).members[TEXTS] == members[TEXTS]


@pytest.mark.parametrize("keep", [0, 10, 200, -1, -30])
def test_a_bundle_that_was_cut_short_is_refused(keep: int, world: World, tmp_path: Path) -> None:
    saved(world, tmp_path / "b.annot-bundle")
    (tmp_path / "cut").write_bytes((tmp_path / "b.annot-bundle").read_bytes()[:keep])
    assert "damaged or cut short" in refusal(tmp_path / "cut")


def test_a_flipped_bit_is_noticed_wherever_it_is(world: World, tmp_path: Path) -> None:
    saved(world, tmp_path / "b.annot-bundle")
    sound = read_bundle(tmp_path / "b.annot-bundle")
    content = bytearray((tmp_path / "b.annot-bundle").read_bytes())
    for position in range(0, len(content), 37):
        content[position] ^= 4
        (tmp_path / "flipped").write_bytes(content)
        content[position] ^= 4
        try:
            found = read_bundle(tmp_path / "flipped")
        except InputError:
            continue
        assert replace(found, path=sound.path) == sound  # a bit that says nothing, such as a time


def test_a_manifest_that_lies_or_comes_from_the_future_is_refused(
    world: World, tmp_path: Path
) -> None:
    saved(world, tmp_path / "b.annot-bundle")
    members = unpacked(tmp_path / "b.annot-bundle")
    cases: dict[str, Members] = {
        "no manifest": {key: content for key, content in members.items() if key != MANIFEST},
        "cannot be read": {**members, MANIFEST: b"[]"},
        "newer version of the program": manifest_with(members, format=2),
        "lacks something": manifest_with(members, ranges=[]),
        "says what cannot be": manifest_with(members, kind="virus"),
        "damaged or changed": {**members, EVENTS: members[EVENTS] + b"\n"},
    }
    for number, (reason, content) in enumerate(cases.items()):
        assert reason in refusal(pack(tmp_path / str(number), content))
    (tmp_path / "folder").mkdir()
    assert "not a file" in refusal(tmp_path / "folder")
    assert "no such file" in refusal(tmp_path / "nowhere")


@pytest.mark.parametrize("last", [1 << 53, 1 << 63, -1, "9" * 30])
def test_a_manifest_of_absurd_numbers_is_refused(
    last: object, world: World, tmp_path: Path
) -> None:
    bundle = saved(world, tmp_path / "b.annot-bundle")
    members = unpacked(tmp_path / "b.annot-bundle")
    ranges = {
        device: [1, last, digest]
        for device, (_first, _last, digest) in bundle.manifest.ranges.items()
    }
    assert "says what cannot be" in refusal(
        pack(tmp_path / "absurd", manifest_with(members, ranges=ranges))
    )


@pytest.mark.parametrize("name", ["a\x00", "\x1b[31m", "a\u202eb", "x" * 201])
def test_a_manifest_with_a_name_that_could_do_harm_is_refused(
    name: str, world: World, tmp_path: Path
) -> None:
    saved(world, tmp_path / "b.annot-bundle")
    members = unpacked(tmp_path / "b.annot-bundle")
    assert "says what cannot be" in refusal(
        pack(tmp_path / "harmful", manifest_with(members, annotator=name))
    )


@pytest.mark.parametrize("row", [5, "x", [], ["a"], [None, None], ["0" * 64, "another text"]])
def test_texts_that_are_not_what_they_should_be_are_refused(
    row: object, world: World, tmp_path: Path
) -> None:
    saved(world, tmp_path / "b.annot-bundle")
    members = {TEXTS: orjson.dumps(row) + b"\n"}
    with pytest.raises(InputError, match="text"):
        Bundle(
            tmp_path / "b.annot-bundle", read_bundle(tmp_path / "b.annot-bundle").manifest, members
        ).texts()


@pytest.mark.parametrize("name", ["p.annot", "p.ANNOT"])
def test_a_bundle_never_takes_the_place_of_a_project(
    name: str, world: World, tmp_path: Path
) -> None:
    bundle = world.returned("b")
    (tmp_path / name).write_bytes(b"work of weeks")
    with pytest.raises(UserError, match="name of a project"):
        write_bundle(tmp_path / name, bundle.manifest, bundle.members)
    assert (tmp_path / name).read_bytes() == b"work of weeks"


def test_a_bundle_that_cannot_be_written_leaves_nothing(world: World, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    bundle = world.returned("b")
    with pytest.raises(UserError, match="cannot be written"):
        write_bundle(tmp_path / "file" / "b", bundle.manifest, bundle.members)


# ── What an assignment holds ──────────────────────────────────────────────────────────────────────


def test_an_assignment_holds_texts_and_suggestions_but_nobody_elses_work(tmp_path: Path) -> None:
    world = World(tmp_path, ())
    text = world.texts["d0"]
    try:
        for name in ("model:v1", "Somebody"):
            with world.lead.change("label", LEAD) as step:
                span = Span(
                    f"by {name}",
                    "entities",
                    "PERSON",
                    ((0, 4),),
                    text[:4],
                    origin="model" if ":" in name else "human",
                )
                step.import_annotation_set(
                    "d0", step.add_annotator(name), AnnotationSet("", "open", (span,)), text
                )
        world.assignments[PEOPLE["b"]] = world.assign(PEOPLE["b"])
        assert b"Somebody" not in b"".join(world.assignments[PEOPLE["b"]].members.values())
        copy = world.copies["b"] = world.begin("b")
        assert {name: copy.document(name).text for name in world.texts} == world.texts
        assert [span.id for span in copy.annotation_set("d0", "model:v1").spans] == ["by model:v1"]
        assert copy.schema() == world.lead.schema()
        assert copy.undoable(PEOPLE["b"]) is None
        with world.lead.change("clear", LEAD) as step:
            step.remove_span("d0", annotator_id("model:v1"), "by model:v1")
        world.lead.distribution.merge([world.returned("b")])
        assert world.lead.annotation_set("d0", "model:v1").spans == ()
        assert world.lead.faults() == copy.faults() == []
    finally:
        world.close()


def test_everything_an_annotator_does_arrives_as_it_was(world: World) -> None:
    person, copy = PEOPLE["b"], world.copies["b"]
    world.put("b", "d0", "s1")
    world.put("b", "d0", "s2", at=(5, 9))
    world.tie("b", "d0", "r1", "s1", "s2")
    with copy.change("more", person) as step:
        step.put_attributes("d0", annotator_id(person), {"topic": ("a", "б"), "sure": True})
        step.put_span(
            "d0",
            annotator_id(person),
            copy.annotation_set("d0", person)
            .spans[0]
            ._replace(note="یادداشت", attributes={"mode": "x"}),
        )
        step.add_activity("d0", annotator_id(person), 61_000)
        step.put_answer("d0", annotator_id(person), "model:v1/x", "dismissed")
        step.put_direction("d0", "rtl")
        step.put_split("mine", {"d0": "train"})
    world.finish("b", "d0")
    copy.undo(person)
    copy.redo(person)
    world.lead.distribution.merge([world.returned("b")])
    assert world.lead.annotation_set("d0", person) == copy.annotation_set("d0", person)
    assert world.lead.answers("d0", person) == {"model:v1/x": "dismissed"}
    assert [stretch.active_ms for stretch in world.lead.stretches()] == [61_000]
    assert world.lead.document("d0").direction == "rtl"
    assert world.lead.split("mine") == {}
    assert [past.title for past in world.lead.story("d0", person, "s1")] == [
        past.title for past in copy.story("d0", person, "s1")
    ]
    assert world.lead.undoable(LEAD) == world.lead.steps(LEAD)[0]
    assert world.lead.faults() == []


def test_documents_that_an_annotator_brought_come_too(world: World) -> None:
    with world.copies["b"].change("bring", PEOPLE["b"]) as step:
        step.add_document(Document("own", "own", "Жаңа мәтін"))
        step.import_annotation_set(
            "own",
            step.add_annotator(PEOPLE["b"]),
            AnnotationSet("", "done", (Span("x", "entities", "PERSON", ((0, 4),), "Жаңа"),)),
            "Жаңа мәтін",
        )
    world.lead.distribution.merge([world.returned("b")])
    assert world.lead.document("own").text == "Жаңа мәтін"
    assert world.lead.annotation_set("own", PEOPLE["b"]).status == "done"
    assert world.lead.faults() == []


def test_a_document_brought_twice_and_taken_back_once_stays(world: World) -> None:
    for machine in ("a1", "b"):
        with world.copies[machine].change("bring", PEOPLE[machine]) as step:
            step.add_document(Document("own", "own", "Жаңа мәтін"))
    world.copies["b"].undo(PEOPLE["b"])
    world.lead.distribution.merge([world.returned("b"), world.returned("a1")])
    assert world.lead.document("own").text == "Жаңа мәтін"
    assert world.lead.faults() == []


def test_what_was_handed_out_is_not_taken_out_again(world: World) -> None:
    before = world.lead.state_hash()
    with pytest.raises(UserError, match="cannot be taken back"):
        world.lead.undo(LEAD)
    assert world.lead.state_hash() == before


def test_undo_never_breaks_a_relation_in_a_copy(world: World) -> None:
    world.put("b", "d0", "s1")
    world.put("b", "d0", "s2", at=(5, 9))
    store = world.copies["b"]
    with store.change("tie", "") as step:
        step.put_relation("d0", annotator_id(PEOPLE["b"]), Relation("r", "holder", "s1", "s2"))
    with pytest.raises(UserError, match="cannot be taken back"):
        store.undo(PEOPLE["b"])
    assert len(store.annotation_set("d0", PEOPLE["b"]).relations) == 1


# ── Schemas, projects, people ─────────────────────────────────────────────────────────────────────


def test_bundles_of_another_project_kind_or_newer_schema_are_refused(
    world: World, tmp_path: Path
) -> None:
    bundle = world.returned("b")
    with (
        Store.create(tmp_path / "other.annot", load_schema("news")) as other,
        pytest.raises(InputError, match="another project"),
    ):
        other.distribution.merge([bundle])
    with pytest.raises(InputError, match="not returned work"):
        world.lead.distribution.merge([world.assignments[PEOPLE["b"]]])
    newer = replace(bundle, manifest=replace(bundle.manifest, schema="news@9"))
    with pytest.raises(InputError, match="does not know yet"):
        world.lead.distribution.merge([newer])
    with pytest.raises(UserError, match="nobody to return it to"):
        world.lead.working_copy.returned("lead")
    with pytest.raises(UserError, match="only whoever leads"):
        world.copies["b"].distribution.hand_out(PEOPLE["b"], "x", ["d0"], "p")


def test_a_copy_takes_only_what_is_its_own(world: World, tmp_path: Path) -> None:
    copy = world.copies["b"]
    assert copy.working_copy.take_in(world.assignments[PEOPLE["b"]]) == 0
    with pytest.raises(InputError, match="is for"):
        copy.working_copy.take_in(world.assignments[PEOPLE["a1"]])
    with pytest.raises(InputError, match="collects it"):
        copy.working_copy.take_in(world.returned("b"))
    with pytest.raises(InputError, match="not one that was handed out"):
        world.lead.working_copy.take_in(world.assignments[PEOPLE["b"]])
    stranger = replace(
        world.assignments[PEOPLE["b"]],
        manifest=replace(world.assignments[PEOPLE["b"]].manifest, project="x" * 32),
    )
    with pytest.raises(InputError, match="of another project"):
        copy.working_copy.take_in(stranger)
    bad = replace(
        world.assignments[PEOPLE["b"]],
        members={**stranger.members, TEXTS: b""},
        path=tmp_path / "bad",
    )
    with pytest.raises(InputError):
        Store.begin(tmp_path / "bad.annot", lambda store: store.working_copy.take_in(bad))
    assert not (tmp_path / "bad.annot").exists()


def test_a_new_assignment_brings_new_texts_and_the_newer_schema_and_keeps_own_labels(
    tmp_path: Path,
) -> None:
    world = World(tmp_path, ())
    try:
        schema = load_schema("blank")
        with world.lead.change("open", LEAD) as step:
            step.put_schema(replace(schema, version=2))
        world.assignments[PEOPLE["b"]] = world.assign(PEOPLE["b"])
        copy = world.copies["b"] = world.begin("b")
        layer = replace(copy.schema().layers[0], labels=(Label("MINE", Names({"en": "Mine"})),))
        with copy.change("own label", PEOPLE["b"]) as step:
            step.put_schema(replace(copy.schema(), version=3, layers=(layer,)))
        with world.lead.change("more", LEAD) as step:
            step.add_document(Document("d9", "d9", "Новый текст"))
        assert copy.working_copy.take_in(world.assign(PEOPLE["b"])) == 1
        assert copy.schema().find_label("MINE") is not None
        assert copy.document("d9").text == "Новый текст"
        world.lead.distribution.merge([world.returned("b")])
        assert world.lead.schema().find_label("MINE") is None
        assert copy.undo(PEOPLE["b"]) is not None
        assert copy.faults() == world.lead.faults() == []
    finally:
        world.close()


# ── Receipts ──────────────────────────────────────────────────────────────────────────────────────


def test_receipts_tell_what_has_arrived_and_only_grow(world: World) -> None:
    copy = world.copies["b"]
    world.put("b", "d0", "s1")
    assert copy.working_copy.delivery().pending == 1
    world.lead.distribution.merge([world.returned("b")])
    first = Bundle(Path("receipt"), world.lead.distribution.receipts("lead")[0])
    world.put("b", "d0", "s2")
    assert copy.working_copy.take_receipt(first)
    assert copy.working_copy.delivery().pending == 1
    assert copy.working_copy.delivery().at_ms > 0
    new = Bundle(Path("new"), *copy.working_copy.returned("copy", only_new=True))
    assert len(events_of(new)) < len(events_of(world.returned("b")))
    world.lead.distribution.merge([new])
    second = Bundle(Path("receipt"), world.lead.distribution.receipts("lead")[0])
    assert copy.working_copy.take_receipt(second)
    assert not copy.working_copy.take_receipt(first)
    assert copy.working_copy.delivery().pending == 0
    with pytest.raises(UserError, match="nothing new to return"):
        copy.working_copy.returned("copy", only_new=True)
    copy.remember(*note_of_return(new.manifest))
    assert copy.working_copy.unconfirmed_ms() == 0, "the lead has it, however late the note comes"
    world.put("b", "d0", "s3")
    copy.remember(*note_of_return(world.returned("b").manifest))
    assert copy.working_copy.unconfirmed_ms() > 0
    name, (start, last, _digest) = next(iter(second.manifest.ranges.items()))
    forged = replace(
        second, manifest=replace(second.manifest, ranges={name: (start, last, "0" * 64)})
    )
    with pytest.raises(InputError, match="other work"):
        copy.working_copy.take_receipt(forged)


def test_shares_tell_who_has_what_and_how_far_he_is(world: World) -> None:
    world.finish("b", "d0")
    assert [
        share[:4] for share in world.lead.distribution.shares() if share.annotator == PEOPLE["b"]
    ] == [(PEOPLE["b"], 3, 0, 0)]
    world.lead.distribution.merge([world.returned("b")])
    share = next(
        share for share in world.lead.distribution.shares() if share.annotator == PEOPLE["b"]
    )
    assert (share.documents, share.done) == (3, 1)
    assert share.received_ms > 0
    assert world.lead.distribution.handed_out()["d0"] == {PEOPLE["a1"], PEOPLE["b"]}


def test_a_moved_copy_goes_on_as_another_machine(world: World) -> None:
    world.put("b", "d0", "s1")
    path = world.copies["b"].path
    world.copies["b"].close()
    path.rename(path.with_name("moved.annot"))
    world.copies["b"] = Store.open(path.with_name("moved.annot"))
    world.put("b", "d0", "s2")
    bundle = world.returned("b")
    assert len(bundle.manifest.ranges) == 2
    world.lead.distribution.merge([bundle])
    assert len(world.lead.annotation_set("d0", PEOPLE["b"]).spans) == 2
    assert world.lead.faults() == []


# ── Events nobody wrote ───────────────────────────────────────────────────────────────────────────

FORGERIES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "actor": lambda _fields: {"actor": "gold"},
    "lamport": lambda _fields: {"lamport": 1},
    "kind": lambda _fields: {"kind": "erase"},
    "entity": lambda _fields: {"entity": "trigger/x"},
    "layer": lambda _fields: {"layer": "nowhere/x"},
    "schema": lambda _fields: {
        "layer": "",
        "entity": "schema",
        "kind": "schema",
        "payload": '{"id":"news","version":9}',
    },
    "collect": lambda _fields: {
        "layer": "",
        "entity": "device/x",
        "kind": "collect",
        "payload": "{}",
    },
    "reference": lambda fields: {
        "kind": "del",
        "entity": "",
        "payload": f'{{"of":["{fields["device"]}",99]}}',
    },
    "array": lambda _fields: {"payload": "[1]"},
    "spaces": lambda _fields: {"payload": '{ "span":[]}'},
    "short": lambda _fields: {"payload": '{"span":["s1"]}'},
    "other id": lambda fields: {"payload": str(fields["payload"]).replace('"s1"', '"s2"')},
    "attributes": lambda _fields: {
        "entity": "attributes",
        "payload": '{"attributes":{"a":{"b":1}}}',
    },
    "relation": lambda _fields: {
        "entity": "relation/r",
        "payload": '{"relation":["r","holder","s1",null,null,{}]}',
    },
    "activity": lambda _fields: {"entity": "activity", "payload": '{"active_ms":-5}'},
    "document": lambda _fields: {
        "layer": "",
        "entity": "document/x",
        "kind": "import",
        "payload": '{"name":"x"}',
    },
    "name": lambda _fields: {
        "layer": "",
        "entity": "annotator/x",
        "payload": '{"name":"somebody"}',
    },
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_an_event_that_the_program_never_writes_is_refused(forgery: str, world: World) -> None:
    world.put("b", "d0", "s1")
    bundle = world.returned("b")
    events = events_of(bundle)
    changed = events[-1]._replace(**FORGERIES[forgery](events[-1]._asdict()))
    before = log_of(world.lead)
    with pytest.raises(InputError) as caught:
        world.lead.distribution.merge([with_events(bundle, chained([*events[:-1], changed]))])
    assert caught.value.problem.line == len(events)
    assert log_of(world.lead) == before


def test_rows_that_are_no_events_texts_or_json_are_refused(world: World) -> None:
    bundle = world.returned("b")
    for members in (
        {EVENTS: b"[1,2]\n"},
        {EVENTS: b"{\n"},
        {EVENTS: bundle.members[EVENTS].replace(b",1,", b',"1",', 1)},
        {EVENTS: b""},
        {TEXTS: b'["x"]\n'},
        {TEXTS: b'["x","y"]\n'},
    ):
        with pytest.raises(InputError):
            world.lead.distribution.merge([replace(bundle, members={**bundle.members, **members})])
    events = events_of(bundle)
    with pytest.raises(InputError, match="not begun from an assignment"):
        world.lead.distribution.merge(
            [with_events(bundle, chained([event._replace(kind="import") for event in events[:1]]))]
        )
    slow = [*events[:-1], events[-1]._replace(lamport=events[-2].lamport)]
    with pytest.raises(InputError, match="older than the one before"):
        world.lead.distribution.merge([with_events(bundle, chained(slow))])


def test_a_document_with_another_text_is_named(world: World) -> None:
    with world.lead.change("more", LEAD) as step:
        step.add_document(Document("own", "own", "один текст"))
    with world.copies["b"].change("bring", PEOPLE["b"]) as step:
        step.add_document(Document("own", "own", "другой текст"))
    with suppress(RuntimeError), world.lead.change("look", LEAD):
        arrival = world.lead.distribution.merge([world.returned("b")])[0]
        assert arrival.different_text == {"own"}
        raise RuntimeError
    assert world.lead.document("own").text == "один текст"
