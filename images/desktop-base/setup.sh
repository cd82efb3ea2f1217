#!/bin/sh
# Runs once, as root, inside the new system, before the set-up of the image that is built on this.
set -eu

# The one generic user: no password, no way to become root.
useradd --uid 1000 --user-group --create-home --shell /bin/bash user
passwd --lock root > /dev/null
cat > /home/user/.bashrc <<'END'
# Everything the proposal brings, also in terminals opened before or from elsewhere.
if [ -r /run/beamdesk/environment ]; then
  set -a
  . /run/beamdesk/environment
  set +a
fi
PS1='\w \$ '
HISTFILE=
alias ls='ls --color=auto'
END
cat > /home/user/.Xresources <<'END'
XTerm*termName: xterm-256color
END
mkdir -p /etc/X11/app-defaults /data /scratch
cat >> /etc/X11/app-defaults/XTerm <<'END'
*faceName: DejaVu Sans Mono
*faceSize: 11
*background: #ffffff
*foreground: #1b1b1b
*saveLines: 5000
*loginShell: false
*title: Terminal
*selectToClipboard: true
*VT100.geometry: 92x26
END
chown -R user:user /home/user

# Slow at start, and of no use in a machine that lives for hours: time comes by the agent, logs stay in memory.
for unit in \
  apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer \
  man-db.timer systemd-tmpfiles-clean.timer systemd-update-utmp.service systemd-update-utmp-runlevel.service \
  systemd-random-seed.service systemd-remount-fs.service systemd-pstore.service systemd-binfmt.service \
  systemd-timesyncd.service systemd-networkd.service systemd-networkd-wait-online.service systemd-resolved.service \
  systemd-logind.service systemd-user-sessions.service systemd-hwdb-update.service \
  systemd-journal-catalog-update.service \
  systemd-journal-flush.service systemd-sysctl.service systemd-modules-load.service systemd-udev-settle.service \
  modprobe@configfs.service modprobe@dm_mod.service modprobe@drm.service modprobe@efi_pstore.service \
  modprobe@fuse.service modprobe@loop.service \
  dev-hugepages.mount dev-mqueue.mount sys-kernel-debug.mount sys-kernel-tracing.mount sys-kernel-config.mount \
  sys-fs-fuse-connections.mount proc-sys-fs-binfmt_misc.automount \
  getty@tty1.service serial-getty@ttyS0.service console-getty.service ctrl-alt-del.target \
  keyboard-setup.service console-setup.service; do
  ln -sf /dev/null "/etc/systemd/system/$unit"
done
mkdir -p /etc/systemd/journald.conf.d /etc/systemd/system.conf.d
printf '[Journal]\nStorage=volatile\nRuntimeMaxUse=16M\n' > /etc/systemd/journald.conf.d/beamdesk.conf
printf '[Manager]\nDefaultTimeoutStopSec=5s\n' > /etc/systemd/system.conf.d/beamdesk.conf
ln -sf /etc/systemd/system/beamdesk.target /etc/systemd/system/default.target
# There for sites that want it, started by nobody: see ssh.service.d/own-key.conf.
rm -f /etc/systemd/system/multi-user.target.wants/ssh.service /etc/systemd/system/sshd.service
# Compiled now, not by whoever starts a program first.
! command -v python3 > /dev/null || python3 -m compileall -q -j 0 /usr/lib/python3/dist-packages > /dev/null 2>&1 || true
# fontconfig trusts its cache when the folders' times are those it noted; the disk is made with whole seconds.
find /usr/share/fonts /usr/local/share/fonts -type d -exec touch -d @1700000000 {} + 2> /dev/null || true
fc-cache -s > /dev/null 2>&1 || true

# Nothing of this system's own making may be the same on every machine.
rm -f /etc/ssh/ssh_host_* /var/lib/dbus/machine-id /root/.bash_history /home/user/.bash_history
: > /etc/machine-id
ln -s /etc/machine-id /var/lib/dbus/machine-id
printf 'beamdesk\n' > /etc/hostname
printf '127.0.0.1 localhost\n127.0.1.1 beamdesk\n' > /etc/hosts
chmod 644 /etc/hostname /etc/hosts
printf '# The root file system is mounted by the initrd.\n' > /etc/fstab
rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/log/* /tmp/* /usr/share/doc /usr/share/man \
  /usr/share/info /usr/share/lintian
