#!/bin/sh
# Runs once, as root, inside the new system, after desktop-base's.
set -eu

# No machine may start with a key that another one has: `set-password` makes them.
rm -f /etc/xrdp/cert.pem /etc/xrdp/key.pem /etc/ssl/private/ssl-cert-snakeoil.key \
  /etc/ssl/certs/ssl-cert-snakeoil.pem
# Ours are started by beamdesk.target.
for unit in xrdp.service xrdp-sesman.service; do
  rm -f "/etc/systemd/system/multi-user.target.wants/$unit"
  ln -sf /dev/null "/etc/systemd/system/$unit"
done
rm -f /var/log/xrdp*.log
# The session has one PulseAudio, which it starts itself.
rm -f /etc/systemd/user/*.wants/pulseaudio.*
printf 'autospawn = no\n' >> /etc/pulse/client.conf

# xorgxrdp starts with the layout `us` and sets it again at every connection; a layout by another name would be compiled
# then, while somebody waits. So `us` is what it must be here: with the characters of keyboard.ts.
sed -i '0,/^};/s//    include "beamdesk-rdp"\n};/' /usr/share/X11/xkb/symbols/us
# What a person types arrives as characters, whatever their keyboard: nobody may give this X server another layout.
rm -f /usr/bin/setxkbmap
