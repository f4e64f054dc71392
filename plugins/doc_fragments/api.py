# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""What the documentation of all modules has in common."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  api_url:
    description:
      - Where the cloud is, the URL of its database, such as C(sqlite:////var/lib/cairn/cairn.db), or that of its management
        daemon, such as C(https://cloud.example.com:8250) or C(unix:///run/cairn/cairn.sock).
      - The environment variable E(CAIRN_API_URL) is the default, then C(api_url) of the configuration file
        (E(CAIRN_CONFIG), C(~/.config/cairn/cairn.yml) or C(/etc/cairn/cairn.yml)), then the URL of the database above.
    type: str
  api_key:
    description:
      - Key for a management daemon that is reached by C(https).
      - The environment variable E(CAIRN_API_KEY) is the default, then C(api_key) of the configuration file.
    type: str
  ca_path:
    description:
      - File or folder of the certificates that vouch for the daemon's, those that the machine trusts when left out.
      - The environment variable E(CAIRN_CA_PATH) is the default, then C(ca_path) of the configuration file.
    type: path
  validate_certs:
    description:
      - Whether the daemon has to show a certificate that is trusted. Without that, anybody on the way reads the key.
      - The environment variable E(CAIRN_VALIDATE_CERTS) is the default, then C(validate_certs) of the configuration file,
        then V(true).
    type: bool
requirements:
  - On the control node, the Python packages of the collection's C(requirements.txt); for a management daemon, none.
"""

    WAIT = r"""
options:
  wait:
    description:
      - Whether to wait for guests to shut down and for other runs that work on the same things.
      - Without it, a guest that is to stop is switched off at once.
    type: bool
    default: true
  wait_timeout:
    description:
      - How long to wait, in seconds.
    type: int
    default: 300
"""

    ATTRIBUTES = r"""
attributes:
  check_mode:
    support: full
    description: Predicts exactly what would be done, and does nothing.
  diff_mode:
    support: full
    description: Shows documents before and after each change; secrets are hidden.
  action:
    support: full
    description: Runs on the control node, without a transfer to the task's host.
"""

    INFO_ATTRIBUTES = r"""
attributes:
  check_mode:
    support: full
    description: Changes nothing in any mode.
  diff_mode:
    support: none
    description: Changes nothing that could be shown.
  action:
    support: full
    description: Runs on the control node, without a transfer to the task's host.
"""
