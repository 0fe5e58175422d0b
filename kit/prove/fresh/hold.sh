#!/bin/sh
# Process 1 of a bare machine: the tree becomes the root of its own mounts, with its own /proc, /dev and process ids.
# usage: unshare --mount --pid --fork --ipc --uts sh hold.sh TREE <the owner's pipe
# It says `ready`, and ends when the pipe closes, however the owner ended: all processes and mounts in it end with it.
# It is no chroot: in one, Linux refuses the user namespaces that bubblewrap needs.
set -eu
tree=$1

mount --make-rprivate /
mount --bind "$tree" "$tree"
mount -t proc proc "$tree/proc"
mount -t sysfs -o ro sysfs "$tree/sys"
mount -t tmpfs -o mode=755 dev "$tree/dev"
cd "$tree/dev"
mknod -m 666 null c 1 3
mknod -m 666 zero c 1 5
mknod -m 666 full c 1 7
mknod -m 666 random c 1 8
mknod -m 666 urandom c 1 9
mknod -m 666 tty c 5 0
mkdir -m 755 pts
mkdir -m 1777 shm
mount -t devpts -o newinstance,mode=620,ptmxmode=666 devpts pts
mount -t tmpfs -o mode=1777 shm shm
ln -s pts/ptmx ptmx
ln -s /proc/self/fd fd
for at in 0:stdin 1:stdout 2:stderr; do ln -s "/proc/self/fd/${at%%:*}" "${at#*:}"; done

cd "$tree"
pivot_root . .
umount -l .
cd /
hostname bare
echo ready

# `wait` also takes leave of the orphans that come to process 1.
exec 3<&0
cat <&3 >/dev/null &
wait $!
