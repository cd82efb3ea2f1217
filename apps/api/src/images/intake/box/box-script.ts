/**
 * Run by /bin/sh in fresh namespaces (users, mount, network, processes, IPC, host name): makes a root that shows one foreign file,
 * read-only, and the few programs that are to look at it with their libraries, then gives up every right and becomes the command.
 *
 *   BASE FILE DEVICE:INODE OUT [PROGRAM-OR-LIBRARY]... -- COMMAND...
 *
 * BASE: an empty folder. OUT: a folder to write to, or "". Inside, FILE is /image and OUT is /out. The file may be found elsewhere than
 * where it was opened for the first look: it must be the same one, or the exit is 126.
 * Descriptor 3 is told "ready" before the command begins: what fails before that is the confinement, not the image.
 */
export const boxScript = String.raw`
set -eu
base=$1 file=$2 same=$3 out=$4
shift 4
mount -t tmpfs -o mode=0755,nosuid,nodev,size=1m box "$base"

show() {
  mkdir -p "$base\${2%/*}"
  if [ -d "$1" ]; then mkdir -p "$base$2"; else : >"$base$2"; fi
  mount -c --bind "$1" "$base$2"
}

# Adds flags to a mount and keeps those it has: a namespace of users may not drop them.
restrict() {
  flags=$(T="$base$1" awk '$5 == ENVIRON["T"] { f = $6 } END { sub(/^rw/, "ro", f); print f }' /proc/self/mountinfo)
  [ -n "$flags" ]
  mount -c -o "remount,bind,$flags" "$base$1"
}

while [ "$1" != -- ]; do
  show "$1" "$1"
  restrict "$1"
  shift
done
shift
show /dev/null /dev/null
show "$file" /image
restrict /image
[ "$(stat -L -c %d:%i "$base/image")" = "$same" ] || exit 126
[ -z "$out" ] || show "$out" /out
mkdir "$base/.host" "$base/proc"
# umount wants to read the list of mounts; after that nothing of /proc is left.
mount -c --rbind /proc "$base/proc"
restrict ''
# Of more namespaces nothing here has any need; this number is the own namespace's alone.
echo 0 2>/dev/null >/proc/sys/user/max_user_namespaces || :
cd "$base"
pivot_root . .host
cd /
umount -l /.host
umount -l /proc
echo ready >&3
exec 3>&-
exec setpriv --pdeathsig KILL --no-new-privs --inh-caps=-all --ambient-caps=-all --bounding-set=-all -- "$@"
`.replaceAll('\\${', '${');

/**
 * Run by /bin/sh as root in a mount namespace, before the other: shows an ordinary user, who cannot reach them, the file and the folder, then
 * becomes that user for good and runs the command that follows.
 *
 *   BASE FILE OUT ID COMMAND...
 *
 * The file is BASE/image then, the folder BASE/out, and BASE/root is an empty folder.
 */
export const rootScript = String.raw`
set -eu
base=$1 file=$2 out=$3 id=$4
shift 4
mount -t tmpfs -o mode=0755,nosuid,nodev,size=1m box "$base"
mkdir "$base/root"
: >"$base/image"
mount -c --bind "$file" "$base/image"
[ -z "$out" ] || mkdir "$base/out"
[ -z "$out" ] || mount -c --bind "$out" "$base/out"
rights='--no-new-privs --inh-caps=-all --ambient-caps=-all --bounding-set=-all'
exec setpriv --reuid "$id" --regid "$id" --clear-groups $rights --pdeathsig KILL -- "$@"
`;
