#!/bin/sh
# Runs a command with nothing but what it needs: its own numeric ids, no way back, and a root that shows only named paths.
#
#   confine.sh [--uid N --gid N] [--groups N,N] [--ro PATH]... [--rw PATH]... [--ro-at SRC DST]... [--rw-at SRC DST]...
#              [--die-with-parent] -- CMD ARGS...
#
# As root: a new mount namespace whose root shows /usr, /lib*, /bin, /sbin and /etc (read-only), /proc, a /dev with the
# harmless devices (and /dev/kvm where there is one), a private /tmp and /dev/shm, and the named paths at their own (--ro,
# --rw) or another (--ro-at, --rw-at) absolute path, so that nothing depends on the permissions of the folders above them.
# Paths are mounted in the order given: name a folder before what lies in it. Then the ids are dropped for good (no
# capabilities, no new privileges) and CMD takes this very process: its pid is the one the caller got, signals reach it.
# SRC may be /proc/self/fd/N (3 to 9): the folder behind that descriptor is mounted, whatever its path names by now, and the
# descriptor is closed (through it a confined process could walk out). Other descriptors are passed on. The network is the
# host's.
# Not root: CMD is just executed; every other option but --die-with-parent is ignored.
# Exit 125: refused or set-up failed, CMD never ran.
set -eu

fail() {
  echo "confine: $*" >&2
  exit 125
}

stage=${BEAMDESK_CONFINE_STAGE:-1}
unset BEAMDESK_CONFINE_STAGE

if [ "$stage" = 1 ]; then
  die=
  for arg in "$@"; do
    case $arg in
    --) break ;;
    --die-with-parent) die='setpriv --pdeathsig KILL --' ;;
    esac
  done
  if [ "$(id -u)" != 0 ]; then
    while [ $# -gt 0 ] && [ "$1" != -- ]; do shift; done
    [ $# -gt 1 ] || fail 'no command'
    shift
    # shellcheck disable=SC2086
    exec $die "$@"
  fi
  # shellcheck disable=SC2086
  BEAMDESK_CONFINE_STAGE=2 exec $die unshare --mount --propagation private -- /bin/sh "$0" "$@"
fi

# ---- as root, in the new mount namespace; every command below keeps this pid, for the last exec ----
caller_umask=$(umask)
umask 022
cwd=$(pwd -P 2>/dev/null || echo /)
# Any folder that exists everywhere and never holds what somebody wants to show can carry the new root.
new=/sys/kernel
mount -t tmpfs -o mode=0755,nosuid,nodev confine "$new" || fail 'cannot mount'

newline='
'
# set_flags TARGET FLAGS: on the mount there and on all below it (a remount reaches only one).
set_flags() {
  # The kernel writes space, tab and backslash of a path as octal escapes.
  escaped=$(printf '%s' "$1" | sed 's/\\/\\134/g; s/ /\\040/g; s/	/\\011/g')
  # In the order of mounting: what lay below before the last mount there is hidden now and cannot be reached.
  mounts=$(
    T=$escaped awk '$5 == ENVIRON["T"] { n = 0 } $5 == ENVIRON["T"] || index($5, ENVIRON["T"] "/") == 1 { m[n++] = $5 }
      END { for (i = 0; i < n; i++) print m[i] }' /proc/self/mountinfo
  )
  [ -n "$mounts" ] || fail "cannot restrict $1"
  printf '%s\n' "$mounts" | while read -r mount; do
    target=$(printf '%b.' "$(printf '%s' "$mount" | sed 's/\\\([0-7][0-7][0-7]\)/\\0\1/g')")
    mount -c -o "remount,bind,$2" "${target%.}" || exit 1
  done || fail "cannot restrict $1"
}

# place SRC DST: binds SRC (a file or a folder) at DST of the new root.
place() {
  case $2 in
  *"$newline"*) fail 'path with a line break' ;;
  /*/../* | /*/.. | /../* | /..) fail "path with ..: $2" ;;
  /*) ;;
  *) fail "path not absolute: $2" ;;
  esac
  if [ -d "$1" ]; then
    mkdir -p "$new$2"
  else
    [ -e "$1" ] || fail "no such path: $1"
    mkdir -p "$new${2%/*}"
    [ -e "$new$2" ] || : >"$new$2"
  fi
  mount -c --rbind "$1" "$new$2" || fail "cannot mount $2"
}

# show SRC DST FLAGS
show() {
  case $1 in
  /proc/self/fd/[3-9])
    # A mount of the caller's namespace cannot be bound from here, so the folder is entered anew and must be the same one.
    fd=${1##*/}
    wanted=$(stat -L -c %d:%i "$1") || fail "descriptor $fd is not open"
    cd "$(readlink "$1")" 2>/dev/null || fail "descriptor $fd is no folder that can be entered"
    [ "$(stat -c %d:%i .)" = "$wanted" ] || fail "what descriptor $fd names was replaced"
    eval "exec $fd<&-"
    place . "$2"
    cd /
    ;;
  /proc/*) fail "only /proc/self/fd/3 to 9 can be shown, not $1" ;;
  *) place "$1" "$2" ;;
  esac
  set_flags "$new$2" "$3"
}

for path in /usr /etc; do
  place "$path" "$path"
  set_flags "$new$path" ro,nosuid
done
for path in /bin /sbin /lib*; do
  if [ -L "$path" ]; then
    cp -P "$path" "$new$path"
  elif [ -d "$path" ]; then
    place "$path" "$path"
    set_flags "$new$path" ro,nosuid
  fi
done
resolver=$(readlink -f /etc/resolv.conf || true)
case $resolver in
'' | /etc/* | /usr/*) ;;
*) [ ! -e "$resolver" ] || place "$resolver" "$resolver" ;;
esac
place /proc /proc
mkdir "$new/dev" "$new/dev/shm" "$new/tmp"
for device in null zero full random urandom tty kvm; do
  [ ! -e "/dev/$device" ] || place "/dev/$device" "/dev/$device"
done
ln -s /proc/self/fd "$new/dev/fd"
ln -s /proc/self/fd/0 "$new/dev/stdin"
ln -s /proc/self/fd/1 "$new/dev/stdout"
ln -s /proc/self/fd/2 "$new/dev/stderr"
mount -t tmpfs -o mode=1777,nosuid,nodev confine "$new/dev/shm"
mount -t tmpfs -o mode=1777,nosuid,nodev confine "$new/tmp"

uid=
gid=
groups=--clear-groups
death=
while [ $# -gt 0 ]; do
  case $1 in
  --)
    break
    ;;
  --die-with-parent)
    death='--pdeathsig KILL'
    shift
    ;;
  --uid | --gid | --groups | --ro | --rw)
    [ $# -ge 2 ] || fail "$1 needs a value"
    case $1 in
    --uid) uid=$2 ;;
    --gid) gid=$2 ;;
    --groups) [ -z "$2" ] || groups=--groups=$2 ;;
    --ro) show "$2" "$2" ro,nosuid,nodev ;;
    --rw) show "$2" "$2" nosuid,nodev ;;
    esac
    shift 2
    ;;
  --ro-at | --rw-at)
    [ $# -ge 3 ] || fail "$1 needs a source and a place"
    case $1 in
    --ro-at) show "$2" "$3" ro,nosuid,nodev ;;
    --rw-at) show "$2" "$3" nosuid,nodev ;;
    esac
    shift 3
    ;;
  *) fail "unknown option: $1" ;;
  esac
done
[ $# -gt 1 ] || fail 'no command'
shift
for id in "$uid" "$gid"; do
  case $id in
  '' | 0* | *[!0-9]*) fail 'as root, --uid and --gid must be numbers above 0' ;;
  esac
done
case ,${groups#--groups=}, in
,--clear-groups,) ;;
*,0*,* | *[!0-9,]*) fail 'groups must be numbers above 0' ;;
esac

cd "$new"
mkdir .host
pivot_root . .host
cd /
umount -l /.host
rmdir /.host
mount -o remount,ro,mode=0755,nosuid,nodev /
cd "$cwd" 2>/dev/null || cd /
umask "$caller_umask"
# shellcheck disable=SC2086
exec setpriv --reuid "$uid" --regid "$gid" "$groups" --no-new-privs --inh-caps=-all --ambient-caps=-all \
  --bounding-set=-all $death -- "$@"
