# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""A task carried out by the management daemon: what is of this machine (documents, the file of an export, the journal
of a check run) is read and written here, and all else is done there."""

from __future__ import annotations

import os
import typing as t

from ..module_utils._client.call import call
from ..module_utils._client.endpoint import CONNECTION
from ._documents import named, write, written
from ._run import Answer, Args, Run
from ._settings import settings


def execute(action: str, args: Args, run: Run) -> Answer:
    """Carry out a module of ours by its short name. Raises CairnError."""
    told = {key: value for key, value in args.items() if key not in ("api_url", *CONNECTION)}
    return (_export if action == "export" else _call)(action, told, run)


def _call(action: str, args: Args, run: Run) -> Answer:
    where = run.where or settings()
    content: dict[str, t.Any] = {"args": args, "check": run.check, "summary": run.progress is not None and run.summary}
    actor = run.actor or os.environ.get("SUDO_USER")
    if actor:
        content["actor"] = actor
    if action == "apply" and args.get("src"):
        content["documents"] = _documents(args["src"], run)
    journal = run.journal if run.check else None
    if journal is not None:
        content["earlier"] = journal.earlier(where.api_url)
    answer = call(where.endpoint, action, content, run.progress)
    if journal is not None:
        for entry in answer.get("journal", ()):
            journal.add(where.api_url, entry)
    return dict(answer["result"])


def _documents(sources: t.Any, run: Run) -> list[tuple[str, Answer, str]]:
    """Kind, content and origin of each document of the files that a task names."""
    documents = named(sources, run.locate, run.read)
    return [(document.kind.name, written(document), document.origin) for document in documents]


def _export(action: str, args: Args, run: Run) -> Answer:
    answer = _call(action, {key: value for key, value in args.items() if key != "dest"}, run)
    if args.get("dest") and not answer.get("failed"):
        before, after = write(run.locate(str(args["dest"])), answer["documents"], check=run.check)
        answer |= {"changed": before != after, "diff": {"before": before, "after": after}}
    return answer
