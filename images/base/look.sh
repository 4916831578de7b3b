# Says what an image holds, a line each: `sh -c` runs it in a container of the image (src/engine/look.ts).
for file in /etc/os-release /usr/lib/os-release; do
  if [ -r "$file" ]; then
    . "$file"
    break
  fi
done
echo "os ${PRETTY_NAME:-$NAME}"
echo "codename $VERSION_CODENAME"
if command -v apt-get >/dev/null && command -v dpkg >/dev/null; then echo "apt"; fi
for python in "$(command -v python3)" /usr/local/bin/python3 /usr/bin/python3; do
  [ -x "$python" ] || continue
  # Of any Python 3: what it says must not take a newer one.
  "$python" -I -c '
import importlib.util, json, os, sys, sysconfig
variable = sysconfig.get_config_var
library = os.path.join(variable("LIBDIR") or "", variable("LDLIBRARY") or "")
header = os.path.join(sysconfig.get_path("include"), "Python.h")
has = {
    "its shared library": variable("Py_ENABLE_SHARED") and os.path.exists(library),
    "Python.h": os.path.exists(header),
    "the module ensurepip": importlib.util.find_spec("ensurepip"),
}
found = {
    "path": os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable),
    "version": "%d.%d" % sys.version_info[:2],
    "lacks": [name for name in sorted(has) if not has[name]],
}
if sys.prefix != sys.base_prefix:
    found["sitePackages"] = sysconfig.get_path("purelib")
print("python " + json.dumps(found))
'
done
true
