"""The configuration files of the engines that are servers of their own, for `render_media_config` to write.

Addresses come from the engines' settings, keys from `LIVE_ENGINE_KEY`; unless told otherwise all of it
listens on this machine alone. Everything runs as whoever starts it, in the foreground.
"""

import getpass
import os
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from livestream import raw
from livestream.engines.base import LiveEngine
from livestream.engines.janus import ADMIN_KEY, API_KEY, ROOM_KEY, JanusEngine
from livestream.engines.janus import HOOK_KEY as JANUS_HOOK_KEY
from livestream.engines.keys import engine_key
from livestream.engines.nginx_rtmp import HOOK_KEY as RTMP_HOOK_KEY
from livestream.engines.nginx_rtmp import NginxRtmpEngine
from registry.private_files import private_storage

_RTMP_MODULES = ("/usr/lib/nginx/modules/ngx_rtmp_module.so", "/usr/lib64/nginx/modules/ngx_rtmp_module.so")
_JANUS_LIBRARIES = ("/usr/lib/x86_64-linux-gnu/janus", "/usr/lib/aarch64-linux-gnu/janus", "/usr/lib/janus")


def files_of(engine: LiveEngine, folder: Path) -> dict[str, str]:
    """Return the files an engine's server reads, by name; none for an engine that is no server."""
    if isinstance(engine, NginxRtmpEngine):
        return {"nginx.conf": render_to_string("livestream/engines/nginx.conf", _nginx(engine, folder))}
    if isinstance(engine, JanusEngine):
        values = _janus(engine, folder)
        names = ("janus", "janus.transport.http", "janus.plugin.videoroom", "janus.eventhandler.sampleevh")
        return {f"{name}.jcfg": render_to_string(f"livestream/engines/{name}.jcfg", values) for name in names}
    return {}


def hook_url(engine: LiveEngine) -> str:
    """Return where an engine reaches this site."""
    return f"{settings.LIVE_HOOK_URL}{reverse('livestream:engine_hook', args=[engine.name])}"


def _nginx(engine: NginxRtmpEngine, folder: Path) -> dict[str, object]:
    control, rtmp = urlsplit(engine.control_url), urlsplit(engine.rtmp_url)
    return {
        "user": getpass.getuser() if os.geteuid() == 0 else "",  # else workers become nobody
        "folder": folder,
        "rtmp_module": _first(_RTMP_MODULES),
        "rtmp_listen": engine.rtmp_listen or f"{rtmp.hostname}:{rtmp.port or 1935}",
        "application": rtmp.path.strip("/"),
        "raw_folder": engine.raw_folder(),
        "hls_folder": folder / "hls",
        "media_folder": private_storage().path(raw.FOLDER),
        "control_listen": f"{control.hostname}:{control.port}",
        "hls_listen": engine.hls_listen or _host_and_port(urlsplit(engine.hls_url)),
        "certificate": engine.certificate,
        "certificate_key": engine.certificate_key,
        "hook_url": f"{engine.control_url}/hook?key={engine_key(RTMP_HOOK_KEY)}",
        "hook_key": engine_key(RTMP_HOOK_KEY),
        "site_hook_url": hook_url(engine),
        "site_host": urlsplit(settings.SITE_URL).netloc,
        "site_url": settings.SITE_URL,
        "link_key": settings.MEDIA_LINK_KEY,
    }


def _janus(engine: JanusEngine, folder: Path) -> dict[str, object]:
    api, admin = urlsplit(engine.api_url), urlsplit(engine.admin_url)
    return {
        "folder": folder,
        "libraries": _first(_JANUS_LIBRARIES),
        "api_host": api.hostname,
        "api_port": api.port,
        "api_path": api.path,
        "admin_host": admin.hostname,
        "admin_port": admin.port,
        "admin_path": admin.path,
        "api_secret": engine_key(API_KEY),
        "admin_secret": engine_key(ADMIN_KEY),
        "room_key": engine_key(ROOM_KEY),
        "hook_key": engine_key(JANUS_HOOK_KEY),
        "engine_name": engine.name,
        "site_hook_url": hook_url(engine),
        "rtp_ports": engine.rtp_ports,
        "public_address": engine.public_address,
    }


def _first(paths: tuple[str, ...]) -> str:
    """Return the first path that is there; the first of all where none is, so that the server names it."""
    return next((path for path in paths if Path(path).exists()), paths[0])


def _host_and_port(address: SplitResult) -> str:
    return f"{address.hostname}:{address.port or (443 if address.scheme == 'https' else 80)}"
