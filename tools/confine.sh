#!/bin/sh
# Runs a command with nothing but what it needs: its own numeric ids, no way back, and a root that shows only named paths.
#
#   confine.sh [--uid N --gid N] [--groups N,N] [--ro PATH]... [--rw PATH]... [--ro-at SRC DST]... [--rw-at SRC DST]...
#              [--device PATH]... [--try-over SRC DST]... [--try-seen-as UID:GID GROUP] [--die-with-parent] -- CMD ARGS...
#
# As root: a new mount namespace whose root shows /usr, /lib*, /bin, /sbin and /etc (read-only), /proc, a /dev with the
# harmless devices (and /dev/kvm where there is one), a private /tmp and /dev/shm, and the named paths at their own (--ro,
# --rw) or another (--ro-at, --rw-at) absolute path, so that nothing depends on the permissions of the folders above them.
# --device shows one more device below /dev at its own path.
# Paths are mounted in the order given: name a folder before what lies in it. --try-over lays the folder SRC over the folder
# DST, read-only: CMD sees there what is in either, and SRC's where both have it (overlayfs). Where that cannot be (a container
# without overlayfs, not root), one line on standard error says so and CMD runs without.
# --try-seen-as: CMD runs in a user namespace in which its own uid is UID and GROUP, one of its groups, is GID; all other ids look
# like nobody's to it. What it may do stays what its real ids may: nothing is gained, only told otherwise. Where the kernel has none,
# one line says so and CMD runs without.
# Then the ids are dropped for good (no capabilities, no new privileges) and CMD takes this very process: its pid is the one the
# caller got, signals reach it.
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
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
      [ "$1" != --try-over ] || echo "confine: going on without ${2:-} over ${3:-}: not root" >&2
      shift
    done
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
# Mounts that need nothing special are collected and made by one `mount` at the end: at a desktop's start every
# program that runs costs milliseconds. Their places are made by one `mkdir`.
table=
folders=
points="$newline"
while read -r _ _ _ _ point _; do points="$points$point$newline"; done < /proc/self/mountinfo

# Whether PATH can be collected: nothing is mounted below it, and its name needs no escaping.
is_plain() {
  case $1 in *[!A-Za-z0-9._/~+@:=-]*) return 1 ;; esac
  case $points in *"$newline$1/"*) return 1 ;; esac
  return 0
}

# collect SRC DST FLAGS: as place and set_flags, later.
collect() {
  check_place "$2"
  if [ -d "$1" ]; then
    folders="$folders $new$2"
  else
    [ -e "$1" ] || fail "no such path: $1"
    [ "${2%/*}" = /dev ] || mkdir -p "$new${2%/*}"
    [ -e "$new$2" ] || : >"$new$2"
  fi
  table="$table$1 $new$2 none bind,$3 0 0$newline"
}

# make_collected: all of them, in the order they were named.
make_collected() {
  # shellcheck disable=SC2086
  [ -z "$folders" ] || mkdir -p $folders
  if [ -n "$table" ]; then
    printf '%s' "$table" >"$new/.table"
    mount -c --all --fstab "$new/.table" || fail 'cannot mount'
  fi
  table=
  folders=
}

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

check_place() {
  case $1 in
  *"$newline"*) fail 'path with a line break' ;;
  /*/../* | /*/.. | /../* | /..) fail "path with ..: $1" ;;
  /*) ;;
  *) fail "path not absolute: $1" ;;
  esac
}

# place SRC DST: binds SRC (a file or a folder) at DST of the new root.
place() {
  check_place "$2"
  make_collected
  if [ -d "$1" ]; then
    [ -d "$new$2" ] || mkdir -p "$new$2"
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
    real=$(readlink "$1") || fail "descriptor $fd is not open"
    cd "$real" 2>/dev/null || fail "descriptor $fd is no folder that can be entered"
    same=$(stat -L -c %d:%i "$1" .) || fail "descriptor $fd is not open"
    [ "${same%%"$newline"*}" = "${same#*"$newline"}" ] || fail "what descriptor $fd names was replaced"
    eval "exec $fd<&-"
    if is_plain "$real"; then
      check_place "$2"
      make_collected
      mkdir -p "$new$2"
      mount -c -o "bind,$3" . "$new$2" || fail "cannot mount $2"
      cd /
      return
    fi
    place . "$2"
    cd /
    ;;
  /proc/*) fail "only /proc/self/fd/3 to 9 can be shown, not $1" ;;
  *)
    if is_plain "$1" && is_plain "$2"; then
      collect "$1" "$2" "$3"
      return
    fi
    place "$1" "$2"
    ;;
  esac
  set_flags "$new$2" "$3"
}

# try_over SRC DST: DST is a folder that is shown already. SRC is entered, so that no character of its name can mean anything
# in the list of layers.
try_over() {
  check_place "$2"
  make_collected
  case $2 in *[!A-Za-z0-9._/~+@=-]*) fail "cannot lay anything over $2" ;; esac
  if said=$(cd "$1" 2>&1 && mount -t overlay -o "ro,nosuid,nodev,lowerdir=.:$new$2" confine "$new$2" 2>&1); then return; fi
  echo "confine: going on without $1 over $2: $(printf '%s' "$said" | tr '\n' ' ')" >&2
}

for path in /usr /etc; do
  show "$path" "$path" ro,nosuid
done
links=
for path in /bin /sbin /lib*; do
  if [ -L "$path" ]; then
    links="$links $path"
  elif [ -d "$path" ]; then
    show "$path" "$path" ro,nosuid
  fi
done
# shellcheck disable=SC2086
[ -z "$links" ] || cp -P $links "$new"
resolver=$(readlink -f /etc/resolv.conf || true)
case $resolver in
'' | /etc/* | /usr/*) ;;
*) [ ! -e "$resolver" ] || place "$resolver" "$resolver" ;;
esac
mkdir "$new/dev" "$new/dev/shm" "$new/tmp" "$new/proc"
place /proc /proc
for device in null zero full random urandom tty kvm; do
  [ ! -e "/dev/$device" ] || collect "/dev/$device" "/dev/$device" rw
done
ln -s /proc/self/fd "$new/dev/fd"
ln -s /proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2 "$new/dev/"
mv "$new/dev/0" "$new/dev/stdin"
mv "$new/dev/1" "$new/dev/stdout"
mv "$new/dev/2" "$new/dev/stderr"
table="${table}confine $new/dev/shm tmpfs mode=1777,nosuid,nodev 0 0$newline"
table="${table}confine $new/tmp tmpfs mode=1777,nosuid,nodev 0 0$newline"
# Before what is named: that may lie in /tmp.
make_collected

uid=
gid=
groups=--clear-groups
death=
seen=
seen_group=
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
  --device)
    [ $# -ge 2 ] || fail "$1 needs a value"
    case $2 in /dev/*) ;; *) fail "no device: $2" ;; esac
    [ -c "$2" ] || fail "no device: $2"
    check_place "$2"
    make_collected
    mkdir -p "$new${2%/*}"
    : >"$new$2"
    mount -c -o bind,nosuid "$2" "$new$2" || fail "cannot mount $2"
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
  --try-over)
    [ $# -ge 3 ] || fail "$1 needs a source and a place"
    try_over "$2" "$3"
    shift 3
    ;;
  --try-seen-as)
    [ $# -ge 3 ] || fail "$1 needs ids and a group"
    seen=$2
    seen_group=$3
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

if [ -n "$seen" ]; then
  case "${seen%%:*} ${seen#*:} $seen_group" in
  *[!0-9\ ]* | 0* | *' 0'* | *'  '* | *' ' | ' '*) fail '--try-seen-as needs numbers above 0' ;;
  esac
fi

make_collected
cd "$new"
mkdir .host
pivot_root . .host
cd /
umount -l /.host
rmdir /.host
rm -f /.table
mount -o remount,ro,mode=0755,nosuid,nodev /
cd "$cwd" 2>/dev/null || cd /
umask "$caller_umask"
drop="setpriv --reuid $uid --regid $gid $groups --no-new-privs --inh-caps=-all --ambient-caps=-all --bounding-set=-all"
if [ -z "$seen" ]; then
  # shellcheck disable=SC2086
  exec $drop $death -- "$@"
fi
# shellcheck disable=SC2086
if ! said=$($drop -- unshare --user -- true 2>&1); then
  echo "confine: going on without $seen for $uid:$seen_group: $said" >&2
  # shellcheck disable=SC2086
  exec $drop $death -- "$@"
fi
# The names of a namespace are written from outside, once it is there, by one with the right to: a process of ours, for as long as it takes,
# and nobody's child, so that CMD is not left with one. CMD waits for the second of the two; where they can't be had, it is ended.
own=$(readlink /proc/self/ns/user)
(
  (
    exec </dev/null >/dev/null 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
    left=3000
    until now=$(readlink "/proc/$$/ns/user") && [ "$now" != "$own" ]; do
      [ -n "$now" ] || exit
      left=$((left - 1))
      [ "$left" -gt 0 ] || kill -KILL "$$"
      sleep 0.005
    done
    { echo "${seen%%:*} $uid 1" >"/proc/$$/uid_map" && echo "${seen#*:} $seen_group 1" >"/proc/$$/gid_map"; } ||
      kill -KILL "$$"
  ) &
)
# shellcheck disable=SC2016,SC2086
exec $drop $death -- unshare --user -- /bin/sh -c \
  'until read -r _ </proc/self/gid_map; do :; done; exec "$@"' sh "$@"
