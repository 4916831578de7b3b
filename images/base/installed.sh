# Says what is installed in a project's image, a line each: `sh -c` runs it in a container of the image
# (src/engine/installed.ts).
echo "architecture $(dpkg --print-architecture)"
dpkg-query -W -f '${db:Status-Status} ${Package}=${Version}\n' | sed -n 's/^installed /apt /p'
# mod_wsgi from PyPI is no package of Debian's, and of no Python that runs here.
version=/usr/lib/apache2/modules/mod_wsgi.version
[ ! -r "$version" ] || echo "mod_wsgi $(cat "$version")"
/opt/venv/bin/python3 -I -c '
import platform
from importlib.metadata import distributions
print("python", platform.python_version())
found = {}
for one in distributions():
    name = one.metadata["Name"]
    # Of two with one name the first hides the other, as at an import.
    if name: found.setdefault(name.lower().replace("_", "-").replace(".", "-"), f"{name}=={one.version}")
for one in found.values(): print("pip", one)
print("end")
'
