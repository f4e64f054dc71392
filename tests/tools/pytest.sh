#!/bin/bash
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

# Run all tests: those with guests and labs, which wait a lot, and beside them all others, with those at their end that kill runs
# again and again, so that both take as long. What the others say comes when both are through, so that each part's output is
# in one piece and the last line is pytest's. Arguments: the Python, then pytest's options.
set -euo pipefail
python=$1
shift
export HYPOTHESIS_PROFILE=${HYPOTHESIS_PROFILE:-stated}
nothing_collected=5
crashes=tests/e2e/test_crashes.py
mkdir -p build

"$python" -m pytest "$@" tests/architecture tests/unit tests/integration "$crashes" >build/pytest-others.log 2>&1 &
others=$!
guests=0
"$python" -m pytest "$@" tests/e2e tests/scenarios --ignore="$crashes" || guests=$?
rest=0
wait "$others" || rest=$?
cat build/pytest-others.log

# Options that choose tests may leave one part without any.
for status in "$guests" "$rest"; do
    if ((status != 0 && (status != nothing_collected || guests == rest))); then
        exit "$status"
    fi
done
