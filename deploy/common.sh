# Shared by the scripts beside it; sourced, not run.

say() { printf '%s\n' "$*" >&2; }
die() { say "broadsheet: $*"; exit 1; }

# Clear words on a machine that these scripts do not know.
require_debian() {
  [ -r /etc/os-release ] || die "this is not Debian 12; on other systems follow docs/building.md by hand."
  . /etc/os-release
  [ "${ID:-}" = debian ] && [ "${VERSION_ID:-}" = 12 ] ||
    die "this is ${PRETTY_NAME:-an unknown system}, not Debian 12; follow docs/building.md by hand."
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"
  elif command -v sudo >/dev/null 2>&1; then sudo "$@"
  else die "packages are missing and neither root nor sudo is at hand; as root run: apt-get install $*"
  fi
}

# install_packages FILE…: whatever of the lists is missing.
install_packages() {
  local missing
  missing=$(cat "$@" | sed 's/#.*//' | while read -r package; do
    [ -z "$package" ] || dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || printf '%s ' "$package"
  done)
  [ -n "$missing" ] || return 0
  say "Installing: $missing"
  as_root apt-get update -q >&2 || die "apt-get update failed; check the network and /etc/apt/sources.list."
  # shellcheck disable=SC2086
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >&2 ||
    die "some packages could not be installed (see above)."
}

# As many compilers at once as cores and memory (1.2 GB each) allow.
jobs() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/MemAvailable/ {print int($2 / 1200000)}' /proc/meminfo)
  [ "$memory" -ge 1 ] || memory=1
  [ "$cores" -lt "$memory" ] && echo "$cores" || echo "$memory"
}

# build PRESET [cmake options…]
build() {
  local preset=$1
  shift
  cmake --preset "$preset" "$@" >&2 || die "configuring failed (see above)."
  cmake --build "build/$preset" -j "$(jobs)" >&2 || die "the build failed (see above)."
}
