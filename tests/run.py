"""`make test`: system packages, then every check in the order of the README, then all tests.

The first failing step ends the run; pytest comes last and its summary is the closing line. While the checks
read the code, the other core makes the tables that each test's database is a copy of.
"""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parent.parent
_BIN = Path(sys.executable).parent
_POLICY = Path("/usr/sbin/policy-rc.d")

# What each command or file that must be there comes with in Debian.
_SYSTEM_PACKAGES = {
    "chromium-headless-shell": "chromium-headless-shell",
    "ffmpeg": "ffmpeg",
    "janus": "janus",
    "janus-pp-rec": "janus-tools",
    "/usr/sbin/nginx": "nginx-light",
    "/usr/lib/nginx/modules/ngx_rtmp_module.so": "libnginx-mod-rtmp",
    "xgettext": "gettext",
    "pdftoppm": "poppler-utils",
    "zbarimg": "zbar-tools",
    "certutil": "libnss3-tools",
    "softhsm2-util": "softhsm2",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc": "fonts-noto-cjk",
}

# Production settings complete and made up; no server is asked.
_PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "x" * 25 + "0123456789abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "cunbo.example",
    "SITE_URL": "https://cunbo.example",
    "DATABASE_URL": "postgres://nobody@localhost/nothing",
    "REDIS_URL": "redis://localhost/0",
    "SEAL_KEYS": "1=" + "ab" * 32,
    "SEAL_INDEX_KEY": "cd" * 32,
    "AUDIT_KEYS": "1=" + "ef" * 32,
    "CARD_PEPPER": "13" * 32,
    "CERTIFICATE_CHECK_KEY": "12" * 32,
    "MEDIA_LINK_KEY": "14" * 32,
    "SMS_PROVIDER": "aliyun",
    "ALIYUN_ACCESS_KEY_ID": "x",
    "ALIYUN_ACCESS_KEY_SECRET": "x",
    "ALIYUN_SMS_SIGN_NAME": "x",
    "ALIYUN_SMS_TEMPLATE_CODE": "x",
}
_NO_SERVERS = {key: _PRODUCTION[key] for key in ("DATABASE_URL", "REDIS_URL")}


def main() -> int:
    """Run every step; return the exit code of the first that fails, else of pytest."""
    os.chdir(_CHECKOUT)
    _install_system_packages()
    os.environ.pop(
        "PYTHONDONTWRITEBYTECODE", None
    )  # each of the many processes would compile all of it again
    with subprocess.Popen([_BIN / "python", "-m", "tests.databases"], start_new_session=True) as ahead:
        for title, command, environment in _steps():
            print(f"== {title}", flush=True)
            done = subprocess.run(
                [_BIN / command[0], *command[1:]], env={**os.environ, **environment}, check=False
            )
            if done.returncode:
                os.killpg(ahead.pid, signal.SIGTERM)
                print(f"{title} failed: {' '.join(command)}", file=sys.stderr)
                return done.returncode
        _compile_tests()
    if ahead.returncode:
        return ahead.returncode
    print("== tests", flush=True)
    tested = subprocess.run(
        # Three on two cores: each waits for servers and browsers a good part of its time.
        [_BIN / "python", "-m", "pytest", "-n", "3", "--dist", "loadgroup", "-m", "not bench"],
        env={**os.environ, "CUNBO_NO_SKIPS": "1"},
        check=False,
    )
    subprocess.run([_BIN / "python", "-m", "tests.databases", "--stop"], check=True)
    return tested.returncode


def _compile_tests() -> None:
    """Load all tests once, so that no process of the run has to; what cannot be loaded, the run tells."""
    collecting = [_BIN / "python", "-m", "pytest", "--collect-only", "-qq"]
    subprocess.run(collecting, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def _steps() -> list[tuple[str, list[str], dict[str, str]]]:
    templates = [
        str(path.relative_to(_CHECKOUT)) for path in sorted((_CHECKOUT / "templates").rglob("*.html"))
    ]
    manage = ["python", "-W", "ignore", "manage.py"]
    return [
        ("format", ["ruff", "format", "--check", "--quiet", "."], {}),
        ("lint", ["ruff", "check", "--quiet", "."], {}),
        ("templates", ["djhtml", "--check", "--tabwidth", "2", *templates], {}),
        ("types", ["mypy", "."], _NO_SERVERS),
        ("imports", ["lint-imports"], _NO_SERVERS),
        ("deployment", [*manage, "check", "--deploy", "--fail-level", "WARNING"], _PRODUCTION),
        ("migrations", [*manage, "makemigrations", "--check", "--dry-run", "-v", "0"], {}),
        ("translations", ["python", "-m", "tests.translations"], _NO_SERVERS),
        ("packages", ["python", "-m", "tests.audit"], _NO_SERVERS),
    ]


def _install_system_packages() -> None:
    missing = [package for proof, package in _SYSTEM_PACKAGES.items() if not _is_there(proof)]
    if not missing:
        return
    root = _root_prefix()
    if root is None:
        sys.exit(f"Install these first: apt-get install {' '.join(missing)}")
    print(f"== installing {' '.join(missing)}", flush=True)
    if not _POLICY.exists():
        # No package shall start a service here.
        subprocess.run(
            [*root, "sh", "-c", f"printf '#!/bin/sh\\nexit 101\\n' > {_POLICY} && chmod +x {_POLICY}"],
            check=True,
        )
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    subprocess.run([*apt, "update"], check=False, stdout=subprocess.DEVNULL)
    installed = subprocess.run(
        [*apt, "install", "-y", "--no-install-recommends", *missing], check=False, stdout=subprocess.DEVNULL
    )
    if installed.returncode:
        sys.exit(f"apt-get could not install: {' '.join(missing)}")


def _is_there(proof: str) -> bool:
    return Path(proof).exists() if proof.startswith("/") else shutil.which(proof) is not None


def _root_prefix() -> list[str] | None:
    """Return what to put before a command that needs root, or None when we may not be root."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "--non-interactive"]
    if (
        shutil.which("sudo")
        and not subprocess.run([*sudo, "true"], check=False, capture_output=True).returncode
    ):
        return sudo
    return None


if __name__ == "__main__":
    sys.exit(main())
