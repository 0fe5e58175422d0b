"""Runs cells under nbclient, as a headless notebook does: reads {cells, allow_errors} from stdin, prints outputs."""

import json
import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

asked = json.load(sys.stdin)
notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in asked["cells"]])
client = NotebookClient(
    notebook, kernel_name="storelab", timeout=asked.get("timeout", 60), allow_errors=asked.get("allow_errors", False)
)
failed = None
try:
    client.execute()
except CellExecutionError as error:
    failed = {"ename": error.ename, "evalue": error.evalue, "text": str(error)}
nbformat.validate(notebook)
json.dump(
    {
        "failed": failed,
        "cells": [
            {"count": cell.execution_count, "outputs": cell.outputs, "timing": sorted(cell.metadata["execution"])}
            if "execution" in cell.metadata
            else {"count": cell.execution_count, "outputs": cell.outputs, "timing": []}
            for cell in notebook.cells
        ],
    },
    sys.stdout,
)
