# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

# The targets for tests and checks. Included by the Makefile at the top.
#
#   make test     everything that must pass: the checks, then pytest
#   make lint     ruff, mypy, ansible-lint, the generated files, the changelog fragments
#   make sanity   ansible-test sanity
#   make unit     the tests that start no service
#   make bench    the benchmarks
#   make molecule SCENARIO=cluster    the roles on machines of a lab, from bare to gone
#   make lab      a lab that stays up, made by a scenario; make lab-down ends it
#
# PYTEST_ARGS are options for pytest. The environment in use is the activated one, or else .venv, made as needed; VENV=
# names another one.

override VENV := $(abspath $(or $(VENV),$(VIRTUAL_ENV),.venv))
BOOTSTRAP_PYTHON ?= python3
PYTHON := $(VENV)/bin/python
PYTEST := $(PYTHON) -m pytest
PYTEST_ARGS ?=

# Debian's packages that tests start or that Python packages are built with.
TEST_PACKAGES := \
	build-essential git libvirt-dev pkg-config python3-dev python3-venv \
	e2fsprogs genisoimage grub-common grub-pc-bin \
	dnsmasq-base iproute2 iptables libvirt-clients libvirt-daemon-system nftables \
	netcat-openbsd openbsd-inetd python3-libvirt \
	qemu-system-x86 qemu-utils \
	wireguard-go wireguard-tools \
	mmdebstrap openssh-client postgresql procps shellcheck systemd-container

REQUIREMENTS := requirements.txt tests/requirements.txt
VENV_STAMP := $(VENV)/.cairn-$(shell cat $(REQUIREMENTS) 2>/dev/null | sha256sum | cut -c -16)
DEV_TREE := build/dev/ansible_collections/cairn/cloud

QUALITY := check-ruff check-format check-mypy check-ansible-lint check-generated check-changelog

# Which scenario of molecule/ a lab is made by.
SCENARIO ?= cluster
MOLECULE = PATH="$(VENV)/bin:$$PATH" MOLECULE_EPHEMERAL_DIRECTORY="$(CURDIR)/build/molecule/$(SCENARIO)" \
	$(VENV)/bin/molecule

.PHONY: test lint sanity unit bench molecule lab lab-down test-packages $(QUALITY)

# The checks run side by side, each one's output in one piece; pytest runs even if one fails, and its summary is last.
test: test-packages $(VENV_STAMP) $(DEV_TREE) ## install what tests need, and run all checks and tests
	@status=0; \
	$(MAKE) --no-print-directory --jobs=2 --keep-going --output-sync=target sanity lint || status=$$?; \
	bash tests/tools/pytest.sh $(PYTHON) $(PYTEST_ARGS) || status=$$?; \
	exit $$status

lint: $(QUALITY) ## the checks of style and types

check-ruff: $(VENV_STAMP)
	$(PYTHON) -m ruff check

check-format: $(VENV_STAMP)
	$(PYTHON) -m ruff format --check

check-mypy: $(VENV_STAMP) $(DEV_TREE)
	$(PYTHON) -m mypy $(DEV_TREE)/plugins tests/support tests/tools

check-ansible-lint: $(VENV_STAMP) $(DEV_TREE)
	PATH="$(VENV)/bin:$$PATH" ANSIBLE_COLLECTIONS_PATH="$(CURDIR)/build/dev" $(PYTHON) -m ansiblelint --nocolor

check-generated: $(VENV_STAMP) $(DEV_TREE)
	$(PYTHON) tests/tools/generate.py --check

check-changelog: $(VENV_STAMP)
	$(VENV)/bin/antsibull-changelog lint

sanity: $(VENV_STAMP) ## ansible-test sanity
	$(PYTHON) tests/tools/sanity.py

unit: $(VENV_STAMP) ## the tests that start no service
	$(PYTEST) $(PYTEST_ARGS) tests/unit tests/architecture

bench: test-packages $(VENV_STAMP) ## the benchmarks
	@bash tests/tools/packages.sh ganeti-htools
	$(PYTEST) $(PYTEST_ARGS) tests/benchmark

# What a failed run leaves up is ended, unless it is to be looked at: molecule's own `test --destroy=never`.
molecule: test-packages $(VENV_STAMP) $(DEV_TREE) ## test the roles on machines of a lab (SCENARIO=cluster)
	$(MOLECULE) test --scenario-name $(SCENARIO)

lab: test-packages $(VENV_STAMP) $(DEV_TREE) ## a lab to play in, made by SCENARIO=cluster
	$(MOLECULE) converge --scenario-name $(SCENARIO)
	@echo "ansible -i build/lab/$(SCENARIO)/inventory.yml all -m ansible.builtin.ping   # reaches its machines"

lab-down: $(VENV_STAMP) ## end the lab of SCENARIO
	$(MOLECULE) destroy --scenario-name $(SCENARIO)

test-packages:
	@bash tests/tools/packages.sh $(TEST_PACKAGES)

# The stamp carries the hash of the requirements, so that a change of them installs anew.
$(VENV_STAMP):
	test -x $(PYTHON) || $(BOOTSTRAP_PYTHON) -m venv $(VENV)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check $(addprefix --requirement=,$(REQUIREMENTS))
	rm -f $(VENV)/.cairn-*
	touch $@

$(DEV_TREE): $(VENV_STAMP)
	$(PYTHON) tests/support/collection.py
