"""A contract for import-linter: the modules of a folder do not know one another.

What they share begins with `_`.
"""

from collections.abc import Iterator
from typing import cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class StrangersContract(Contract):
    """Holds for each of `folders` that is there: a shared module knows shared ones alone."""

    folders = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Find every import of a stranger from beside it."""
        known = [folder for folder in cast("list[str]", self.folders) if folder in graph.modules]
        acquainted = [pair for folder in known for pair in _acquainted(graph, folder)]
        return ContractCheck(kept=not acquainted, metadata={"acquainted": acquainted})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each import that must go."""
        for importer, imported in check.metadata["acquainted"]:
            output.print_error(f"{importer} is not allowed to import {imported}")


def _acquainted(graph: ImportGraph, folder: str) -> Iterator[tuple[str, str]]:
    """Yield the imports within a folder that reach a stranger.

    An entry of the folder is a module, or a package with all below it.
    """
    for child in sorted(graph.find_children(folder)):
        if child.rpartition(".")[2].startswith("_"):
            continue
        own = {child, *graph.find_descendants(child)}
        for module in sorted(own):
            for importer in sorted(graph.find_modules_that_directly_import(module) - own):
                if importer.startswith(f"{folder}."):
                    yield importer, module
