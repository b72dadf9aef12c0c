"""`make live`: the media engines that are servers of their own, beside the site. What is missing is named.

They start again by themselves when they are killed; the site goes on meanwhile.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from config.embedded.places import local

_SBIN = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
_RTMP_MODULES = ("/usr/lib/nginx/modules/ngx_rtmp_module.so", "/usr/lib64/nginx/modules/ngx_rtmp_module.so")
# What has to be there, and the Debian packages that bring it.
_NEEDS: dict[str, tuple[Callable[[], bool], str]] = {
    "nginx-rtmp": (
        lambda: bool(_found("nginx")) and any(Path(each).exists() for each in _RTMP_MODULES),
        "nginx libnginx-mod-rtmp",
    ),
    "janus": (lambda: bool(_found("janus") and _found("janus-pp-rec")), "janus janus-tools"),
}


def engines_here() -> list[str]:
    """Return the engines that can be started on this machine."""
    return [name for name, (is_there, _packages) in _NEEDS.items() if is_there()]


def missing_line(names: list[str]) -> str:
    """Return one line about what is not installed; empty when all is."""
    packages = [packages for name, (_, packages) in _NEEDS.items() if name not in names]
    if not packages:
        return ""
    absent = " and ".join(name for name in _NEEDS if name not in names)
    return f"Without {absent}; to have it: apt-get install {' '.join(packages)}"


def processes(names: list[str]) -> dict[str, str]:
    """Return the shell command of each engine's server, which runs it again when it ends."""
    commands = {
        "nginx-rtmp": '{nginx} -e stderr -p "{folder}" -c "{folder}/nginx.conf"',
        "janus": '{janus} -F "{folder}" -C "{folder}/janus.jcfg"',
    }
    programs = {"nginx": _found("nginx"), "janus": _found("janus")}
    folder = local() / "engines"
    return {
        name: f"while :; do {commands[name].format(folder=folder / name, **programs)}; sleep 1; done"
        for name in names
    }


def settings_of(names: list[str], port: int) -> dict[str, str]:
    """Return what the site has to know: which engines there are, and where they reach it."""
    return {"LIVE_ENGINES": ",".join(["chunks", *names]), "LIVE_HOOK_URL": f"http://127.0.0.1:{port}"}


def _found(program: str) -> str:
    return shutil.which(program, path=_SBIN) or ""
