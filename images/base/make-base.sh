#!/bin/bash
# Makes a small Debian root file system from the Debian archive and writes it to stdout as a tar.
#
#   make-base.sh SUITE [ARCHITECTURE] >base.tar     (root, on a Debian-like host)
#
# Lines that start with "==> " on stderr are phases; the rest is the tools' own output. Standard input is a lifeline:
# when it closes, the caller is gone, and so is everything that was made here.
set -euo pipefail

suite=${1:?usage: make-base.sh SUITE [ARCHITECTURE]}
arch=${2:-$(dpkg --print-architecture)}
default_mirror=http://deb.debian.org/debian

phase() { echo "==> $*" >&2; }
fail() {
  echo "error: $*" >&2
  exit 1
}

[ "$(id -u)" = 0 ] || fail "debootstrap needs root"

# /tmp is often a tmpfs mounted nodev or noexec, where debootstrap refuses to work.
work=$(mktemp -d "${TMPDIR:-/var/tmp}/wsgi-dev-base.XXXXXXXX")
root=$work/root
lifeline=
job=

cleanup() {
  trap '' EXIT HUP INT TERM PIPE
  [ -z "$lifeline" ] || kill "$lifeline" 2>/dev/null || :
  [ -z "$job" ] || kill -TERM -- "-$job" 2>/dev/null || :
  # debootstrap mounts /proc and more in there, and what is mounted must not be deleted with the tree.
  awk -v dir="$work/" 'index($2, dir) == 1 { print $2 }' /proc/self/mounts | sort -r |
    while IFS= read -r mount; do umount -l "$mount" || :; done
  rm -rf --one-file-system "$work"
}
trap cleanup EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM PIPE

exec 3<&0 </dev/null
(
  trap - EXIT HUP INT TERM PIPE
  exec >/dev/null 2>&1
  while read -r _ <&3; do :; done
  kill -TERM $$
) &
lifeline=$!

# Bash runs a trap only after the foreground command has ended, hence in the background, in a process group of its
# own so that its children can be ended with it, and waited for.
run() {
  local status=0
  set -m
  "$@" 3<&- &
  job=$!
  set +m
  wait "$job" || status=$?
  job=
  return $status
}

# One Release file of the archive, to $work/release; apt's own downloader knows the host's proxies.
release() {
  run /usr/lib/apt/apt-helper -qq download-file "$1/dists/$2/InRelease" "$work/release" >/dev/null 2>&1
}

# An archive that has not been refreshed for long (a snapshot, a frozen company mirror) has expired Release files.
expired() {
  local until
  until=$(sed -n 's/^Valid-Until: //p' "$work/release")
  [ -n "$until" ] && [ "$(date -d "$until" +%s)" -lt "$(date +%s)" ]
}

# Where the host's own apt gets the suite "$1" of Debian from; nothing on other distributions.
host_mirror() {
  [ "$ID" = debian ] || return 0
  apt-get indextargets --format '$(CREATED_BY) $(RELEASE) $(REPO_URI) $(COMPONENT)' 2>/dev/null |
    awk -v suite="$1" '$1 == "Packages" && $2 == suite && $4 == "main" { sub("/$", "", $3); print $3; exit }'
}

ID= VERSION_CODENAME=
. /etc/os-release

find_mirrors() {
  mirror=$(host_mirror "$VERSION_CODENAME")
  mirror=${mirror:-$default_mirror}
  if ! release "$mirror" "$suite"; then
    [ "$mirror" != "$default_mirror" ] || fail "no suite $suite at $mirror"
    mirror=$default_mirror
    release "$mirror" "$suite" || fail "no suite $suite at $mirror"
  fi
  frozen=no
  ! expired || frozen=yes
  sources="deb $mirror $suite main"

  security=$(host_mirror "$VERSION_CODENAME-security")
  security=${security:-${mirror%/debian}/debian-security}
  local entry
  for entry in "$mirror $suite-updates" "$security $suite-security"; do
    if release "${entry% *}" "${entry#* }"; then
      sources+=$'\n'"deb $entry main"
      ! expired || frozen=yes
    fi
  done
}

# The programs, from the system or unpacked here without installing anything.
find_debootstrap() {
  debootstrap=(debootstrap)
  keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  local missing=()
  command -v debootstrap >/dev/null || missing+=(debootstrap)
  [ -e "$keyring" ] || missing+=(debian-archive-keyring)
  [ ${#missing[@]} -gt 0 ] || return 0

  phase "fetching ${missing[*]}"
  mkdir "$work/tools"
  chmod 755 "$work"
  # apt downloads as this user where it exists.
  chown _apt "$work/tools" 2>/dev/null || :
  (cd "$work/tools" && run apt-get -qq download "${missing[@]}") >&2 ||
    fail "apt-get download ${missing[*]} failed; try apt-get update"
  local deb
  for deb in "$work"/tools/*.deb; do dpkg-deb -x "$deb" "$work/tools"; done
  if [ -x "$work/tools/usr/sbin/debootstrap" ]; then
    export DEBOOTSTRAP_DIR=$work/tools/usr/share/debootstrap
    debootstrap=(sh "$work/tools/usr/sbin/debootstrap")
  fi
  [ -e "$keyring" ] || keyring=$work/tools/$keyring
}

configure() {
  printf '%s\n' "$sources" >"$root/etc/apt/sources.list"
  rm -f "$root"/etc/apt/sources.list.d/*
  {
    echo 'APT::Install-Recommends "false";'
    echo 'APT::Install-Suggests "false";'
    echo 'Acquire::Languages "none";'
    echo 'Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";'
    echo 'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb || true"; };'
    [ $frozen = no ] || echo 'Acquire::Check-Valid-Until "false"; // the mirror was out of date when this was made'
  } >"$root/etc/apt/apt.conf.d/99-wsgi-dev"
  printf '%s\n' 'path-exclude=/usr/share/doc/*' 'path-include=/usr/share/doc/*/copyright' \
    'path-exclude=/usr/share/man/*' 'path-exclude=/usr/share/info/*' 'path-exclude=/usr/share/locale/*' \
    'path-include=/usr/share/locale/locale.alias' >"$root/etc/dpkg/dpkg.cfg.d/wsgi-dev"
  # Packages must not start services while an image is built.
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod 755 "$root/usr/sbin/policy-rc.d"
}

shrink() {
  find "$root/usr/share/doc" -mindepth 2 ! -name copyright ! -type d -delete
  find "$root/usr/share/doc" -mindepth 1 -type d -empty -delete
  find "$root/usr/share/locale" -mindepth 1 -maxdepth 1 ! -name locale.alias -exec rm -rf {} +
  rm -rf "$root"/usr/share/man/* "$root"/usr/share/info/* "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/* \
    "$root"/var/cache/debconf/*-old "$root"/var/lib/dpkg/*-old "$root"/var/log/* "$root"/tmp/* "$root"/var/tmp/* \
    "$root"/debootstrap
  # The host's own names have no place in an image.
  rm -f "$root/etc/resolv.conf" "$root/etc/hostname"
  [ ! -e "$root/etc/machine-id" ] || : >"$root/etc/machine-id"
}

phase "looking for Debian $suite in the archive"
find_mirrors
find_debootstrap

options=(--variant=minbase --arch="$arch" --keyring="$keyring")
[ "${mirror#https:}" = "$mirror" ] || options+=(--include=ca-certificates)
script=()
scripts=${DEBOOTSTRAP_DIR:-/usr/share/debootstrap}/scripts
[ -e "$scripts/$suite" ] || script=("$scripts/sid")

phase "installing the base system of Debian $suite ($arch) from $mirror"
run "${debootstrap[@]}" "${options[@]}" "$suite" "$root" "$mirror" "${script[@]}" >&2 ||
  fail "debootstrap $suite failed; the lines above say why"

phase "configuring it for containers"
configure
shrink

phase "handing it to the engine"
run tar -C "$root" --one-file-system --numeric-owner --sort=name --exclude=./proc/* --exclude=./sys/* \
  --exclude=./dev/* -c .
