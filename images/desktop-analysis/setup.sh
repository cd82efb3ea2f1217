#!/bin/sh
# Runs once, as root, inside the new system, after desktop-base's.
set -eu

# The list of fonts that matplotlib makes at its first start costs half a minute without hardware virtualisation.
setpriv --reuid=user --regid=user --init-groups env HOME=/home/user python3 -c 'import matplotlib.font_manager'
