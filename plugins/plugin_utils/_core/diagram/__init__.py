# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The cairn.cloud developers

"""Diagrams of a cloud's topology: what there is becomes parts, these become boxes, and those a text or an SVG.

networks, hosts    what info modules return  ->  Diagram   (which parts there are, and what is said of them)
layout             Diagram and a Measure     ->  Layout    (where each box and line is)
text, svg          Layout                    ->  lines, XML
"""
