#!/bin/sh
# Puts Apache, mod_wsgi and wsgi-dev's runner into a devcontainer on Debian or Ubuntu. A second run brings what is
# missing or newer and leaves the rest as it is.
set -eu
cd "$(dirname "$0")"

wanted=${PYTHON:-auto}
mod_wsgi=${MODWSGI:-}
user=${_REMOTE_USER:-root}
venv=/opt/wsgi-dev-venv
library=/usr/lib/wsgi-dev
module=/usr/lib/apache2/modules/mod_wsgi.so

fail() {
  echo "wsgi-dev: $*" >&2
  exit 1
}

[ "$(id -u)" = 0 ] || fail "install.sh needs root, which Features are installed as"
command -v apt-get >/dev/null || fail "this image has no apt-get: wsgi-dev needs one on Debian or Ubuntu"

install_packages() {
  missing=
  for package in "$@"; do
    case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || :) in
      installed) ;;
      *) missing="$missing $package" ;;
    esac
  done
  [ -n "$missing" ] || return 0
  apt-get update
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing
  rm -rf /var/lib/apt/lists/*
}

# Prints the real path of a Python that Apache can embed: 3.9 or later, with a shared library and its headers. What it
# lacks goes to stderr.
embeddable() {
  "$1" -I -c '
import os, sys, sysconfig
variable = sysconfig.get_config_var
library = os.path.join(variable("LIBDIR") or "", variable("LDLIBRARY") or "")
lacks = [
    what
    for what, there in (
        ("version 3.9", sys.version_info >= (3, 9)),
        ("its shared library", variable("Py_ENABLE_SHARED") and os.path.exists(library)),
        ("Python.h", os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h"))),
    )
    if not there
]
if lacks:
    sys.exit("it lacks " + " and ".join(lacks))
print(os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable))
'
}

# The interpreter, and whether it is the distribution's own.
python=
distribution=yes
case $wanted in
  system) ;;
  auto)
    found=$(command -v python3 || :)
    if [ -n "$found" ] && [ "$(realpath "$found")" != "$(realpath /usr/bin/python3 2>/dev/null || :)" ]; then
      if python=$(embeddable "$found"); then
        distribution=no
      else
        echo "wsgi-dev: $found can't be embedded in Apache: the distribution's Python is used" >&2
      fi
    fi
    ;;
  *)
    [ -x "$wanted" ] || fail "the option python names $wanted, which is no program here"
    if [ "$(realpath "$wanted")" != "$(realpath /usr/bin/python3 2>/dev/null || :)" ]; then
      python=$(embeddable "$wanted") || fail "the option python names $wanted, which can't be embedded in Apache"
      distribution=no
    fi
    ;;
esac
case $python in /usr/bin/*) distribution=yes ;; esac

# Nothing is to be started while an image is built.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  printf '#!/bin/sh\nexit 101\n' >$policy
  chmod 755 $policy
  trap 'rm -f $policy' EXIT
fi

# Older releases have /etc/mime.types from mime-support, which Apache brings itself.
install_packages apache2 ca-certificates
[ -e /etc/mime.types ] || install_packages media-types

# What the project trusts beyond the usual (`ca_certificates:` of wsgi-dev.yaml).
for one in certificates/*.crt; do
  [ ! -e "$one" ] || cp "$one" "/usr/local/share/ca-certificates/wsgi-dev-${one#*/}"
done
update-ca-certificates >/dev/null
export PIP_CERT=/etc/ssl/certs/ca-certificates.crt

if [ $distribution = yes ]; then
  install_packages python3 python3-venv
  python=/usr/bin/python3
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 9))' ||
    fail "the distribution's Python is $("$python" -V), and 3.9 or later is needed"
fi

# --system-site-packages: what the image itself brings stays in reach.
if [ ! -x $venv/bin/python3 ] || [ "$($venv/bin/python3 -V 2>&1)" != "$("$python" -V 2>&1)" ]; then
  "$python" -m venv --clear --system-site-packages $venv
fi

if [ $distribution = yes ] && [ -z "$mod_wsgi" ]; then
  install_packages libapache2-mod-wsgi-py3
else
  key="$("$python" -VV 2>&1) $python mod_wsgi $mod_wsgi"
  if [ "$(cat $module.made-for 2>/dev/null)" != "$key" ]; then
    install_packages apache2-dev gcc libc6-dev
    [ $distribution = no ] || install_packages python3-dev
    work=$(mktemp -d)
    "$python" -m venv "$work/venv"
    "$work/venv/bin/pip" install --no-cache-dir --disable-pip-version-check --no-color --progress-bar off \
      "mod_wsgi${mod_wsgi:+==$mod_wsgi}"
    cp "$work"/venv/lib/python3*/site-packages/mod_wsgi/server/mod_wsgi-py3*.so $module
    rm -rf "$work"
    printf '%s\n' "$key" >$module.made-for
  fi
fi

mkdir -p $library
rm -rf $library/wsgi_dev_runner $library/wsgi_dev_inside
cp -R runner/__main__.py runner/wsgi_dev_runner runner/wsgi_dev_inside $library/
sed -n 's/^ *"version": "\(.*\)",$/\1/p' devcontainer-feature.json >$library/version
chmod -R a+rX $library
$venv/bin/python3 -m compileall -q $library

cat >/usr/local/bin/wsgi-dev <<EOF
#!$venv/bin/python3 -I
import sys

sys.path.insert(0, "$library")

from wsgi_dev_inside.command import main

sys.exit(main())
EOF
chmod 755 /usr/local/bin/wsgi-dev

# So that `pip install` needs no root. By a group too: the devcontainer CLI may give the user another id, and what lies
# outside of its home stays that of the id before.
if id "$user" >/dev/null 2>&1; then
  getent group wsgi-dev >/dev/null || groupadd --system wsgi-dev
  [ "$user" = root ] || usermod -aG wsgi-dev "$user"
  chown -R "$user:wsgi-dev" $venv
  chmod -R g+rwX $venv
  find $venv -type d -exec chmod g+s {} +
fi

# What would only fail at the first \`wsgi-dev up\` fails here.
/usr/local/bin/wsgi-dev version
/usr/sbin/apache2 -C "ServerName localhost" -C "ErrorLog /dev/stderr" -C "DefaultRuntimeDir /tmp" \
  -C "LoadModule mpm_prefork_module /usr/lib/apache2/modules/mod_mpm_prefork.so" \
  -C "LoadModule wsgi_module $module" -f /dev/null -t
