"""Which file systems say nothing of what others change in them."""

from __future__ import annotations

from pathlib import Path

SILENT = (
    *("9p", "afs", "ceph", "cifs", "drvfs", "fakeowner", "fuse", "fuse.grpcfuse", "fuse.osxfs", "fuse.sshfs"),
    *("fuse.vmhgfs-fuse", "lustre", "nfs", "nfs4", "osxfs", "prl_fs", "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs"),
)
"""Drives of other machines, and folders that a virtual machine or a container has from its host."""
MOUNTS = Path("/proc/self/mountinfo")


def tells_nothing(folder: Path, mounts: Path = MOUNTS) -> bool:
    """Whether a resolved folder lies on a file system whose changes are told only to those who make them.

    `mounts` is in the form of proc(5), mountinfo; where there is none, False.
    """
    try:
        lines = mounts.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return False
    kind, length = "", -1
    for line in lines:
        before, _, after = line.partition(" - ")
        fields = before.split(" ")
        if len(fields) < 5 or not after:
            continue
        point = Path(_unescaped(fields[4]))
        # The last one of those at the same place lies on top.
        if folder.is_relative_to(point) and len(point.parts) >= length:
            kind, length = after.split(" ")[0], len(point.parts)
    return kind in SILENT


def _unescaped(text: str) -> str:
    for sign in (" ", "\t", "\n", "\\"):
        text = text.replace(f"\\{ord(sign):03o}", sign)
    return text
