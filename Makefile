# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

# The one door: `make` lists what there is. VENV names the Python environment to use; by default it is the activated one,
# or else .venv, which is made when needed.

BOOTSTRAP_PYTHON ?= python3

.PHONY: help cloud clean-cloud

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

cloud: ## make this Debian 12 machine a cloud, with a first instance in it
	@VENV='$(VENV)' BOOTSTRAP_PYTHON='$(BOOTSTRAP_PYTHON)' bash tools/cloud.sh

clean-cloud: ## remove again what `make cloud` made
	@VENV='$(VENV)' BOOTSTRAP_PYTHON='$(BOOTSTRAP_PYTHON)' bash tools/clean_cloud.sh

-include tests/tests.mk
