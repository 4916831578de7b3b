"""Says which files pip chose for a virtual environment, as JSON: `hashes.py DIRECTORY`, run by its own Python.

In DIRECTORY are options.txt (those of the project's requirements: indexes and the like), fresh/ (the environment before
anything was installed in it) and sources/ (what was downloaded to be compiled for the server).
"""

import glob
import hashlib
import json
import os
import re
import subprocess
import sys
import sysconfig
from importlib.metadata import distributions


def main(directory):
    chosen, unhashable = [], []
    for name, version, url in sorted(installed(directory)):
        if url is None or re.match(r"https?://", url):
            chosen.append((name, version, url))
        else:
            unhashable.append({"name": name, "url": url})
    files = {} if unhashable else download(directory, chosen)
    pip = [{"name": name, "version": version, "url": url, "sha256": files.get(name)} for name, version, url in chosen]
    sources = [digest(path) for path in sorted(glob.glob(os.path.join(directory, "sources", "*")))]
    json.dump({"pip": pip, "unhashable": unhashable, "sources": sources}, sys.stdout)


def installed(directory):
    """Name, version and address (None: it came from an index) of what the requirements brought."""
    [fresh] = glob.glob(os.path.join(directory, "fresh", "lib", "python3*", "site-packages"))
    before = {(one.metadata["Name"], one.version) for one in distributions(path=[fresh])}
    for one in distributions(path=[sysconfig.get_path("purelib")]):
        name = one.metadata["Name"]
        if name and (name, one.version) not in before:
            yield name, one.version, address(one)


def address(distribution):
    written = distribution.read_text("direct_url.json")
    if written is None:
        return None
    origin = json.loads(written)
    if "archive_info" in origin:
        return origin["url"]
    version_control = origin.get("vcs_info")
    if version_control is None:
        return "file:"
    return f"{version_control['vcs']}+{origin['url']}@{version_control.get('commit_id', '')}"


def download(directory, chosen):
    """The hash of each one's file, by its name."""
    files = {}
    pinned = [(name, version) for name, version, url in chosen if url is None]
    if pinned:
        lines = "".join(f"{name}=={version}\n" for name, version in pinned)
        paths = fetch(directory, "index", lines)
        # The longest first: zope.interface is not zope.
        for name, _version in sorted(pinned, key=lambda one: -len(one[0])):
            path = next((path for path in paths if file_of(path, name)), None)
            if path is None:
                sys.exit(f"None of these is a file of {name}: {', '.join(paths)}")
            paths.remove(path)
            files[name] = digest(path)
    for number, (name, _version, url) in enumerate(one for one in chosen if one[2] is not None):
        [path] = fetch(directory, f"address-{number}", f"{name} @ {url}\n")
        files[name] = digest(path)
    return files


def fetch(directory, name, lines):
    """The files that pip downloads for these requirements."""
    requirements = os.path.join(directory, f"{name}.txt")
    with open(os.path.join(directory, "options.txt")) as options, open(requirements, "w") as file:
        file.write(options.read() + lines)
    target = os.path.join(directory, name)
    # Its output is the build's: this one's is the result.
    pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--dest", target, "-r", requirements]
    if subprocess.run(pip, stdout=sys.stderr).returncode != 0:
        sys.exit(1)
    return glob.glob(os.path.join(target, "*"))


def file_of(path, name):
    """A distribution's file begins with its name, whichever of "-", "_" and "." is written in it, and its version."""
    pattern = re.sub(r"[-_.]+", "[-_.]+", name)
    return re.match(rf"{pattern}-\d", os.path.basename(path), re.IGNORECASE) is not None


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


if __name__ == "__main__":
    main(sys.argv[1])
