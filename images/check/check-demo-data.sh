#!/bin/sh
# Opens the demo data with pyFAI, PyMca, FabIO and h5py of a built analysis desktop, outside any machine: mounts the
# image's disk read-only and runs check-demo-data.py in it. Needs root and loop devices.
# Usage: images/check/check-demo-data.sh IMAGE_FOLDER DATA_FOLDER
set -eu
[ $# -eq 2 ] || { echo "usage: $0 IMAGE_FOLDER DATA_FOLDER" >&2; exit 2; }
[ "$(id -u)" = 0 ] || { echo "$0: needs root, to mount the image's disk" >&2; exit 2; }
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d)
# In a mount namespace of its own: whatever happens, no mount stays behind.
trap 'rm -rf "$work"' EXIT
qemu-img convert -O raw "$1/disk.qcow2" "$work/disk.raw"
mkdir "$work/root"
unshare --mount --pid --fork --kill-child sh -eu -c '
  mount -o loop,ro "$1/disk.raw" "$1/root"
  mount -t tmpfs tmpfs "$1/root/tmp"
  mkdir "$1/root/tmp/data"
  mount -o bind,ro "$2" "$1/root/tmp/data"
  mount -t proc proc "$1/root/proc"
  mount -t sysfs -o ro sysfs "$1/root/sys"
  cp "$3/check-demo-data.py" "$1/root/tmp/"
  HOME=/tmp OMP_NUM_THREADS=2 exec chroot "$1/root" python3 -W ignore /tmp/check-demo-data.py /tmp/data
' sh "$work" "$(realpath "$2")" "$here"
