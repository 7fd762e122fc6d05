"""The table of system packages that the machine must have, with the way to install them on each system."""

import sys
from collections.abc import Mapping
from pathlib import Path

from brief.model.record import dataclass

_RELEASE = Path("/etc/os-release")
_NOTO = "https://github.com/notofonts/noto-cjk/releases"


@dataclass(frozen=True, slots=True)
class SystemPackage:
    """How to install one package, by system: a command, or an instruction."""

    debian: str
    fedora: str
    macos: str
    windows: str


SYSTEM_PACKAGES: Mapping[str, SystemPackage] = {
    "pango": SystemPackage(
        "apt-get install libpango-1.0-0 libpangoft2-1.0-0",
        "dnf install pango",
        "brew install pango",
        "pacman -S mingw-w64-ucrt-x86_64-pango in MSYS2, and name its bin folder in WEASYPRINT_DLL_DIRECTORIES",
    ),
    "fontconfig": SystemPackage(
        "apt-get install libpangoft2-1.0-0",
        "dnf install fontconfig",
        "brew install fontconfig",
        "pacman -S mingw-w64-ucrt-x86_64-fontconfig in MSYS2",
    ),
    "harfbuzz-subset": SystemPackage(
        "apt-get install libharfbuzz-subset0",
        "dnf install harfbuzz",
        "brew install harfbuzz",
        "pacman -S mingw-w64-ucrt-x86_64-harfbuzz in MSYS2",
    ),
    "han-faces": SystemPackage(
        "apt-get install fonts-noto-cjk",
        "dnf install google-noto-sans-cjk-fonts google-noto-serif-cjk-fonts",
        "brew install --cask font-noto-sans-cjk font-noto-serif-cjk",
        f"install Noto Sans CJK and Noto Serif CJK from {_NOTO}",
    ),
    "git": SystemPackage("apt-get install git", "dnf install git", "brew install git", "winget install Git.Git"),
}
_SYSTEM_NAMES = {"debian": "Debian", "fedora": "Fedora", "macos": "macOS", "windows": "Windows"}


def suggest_package(name: str) -> str:
    """Returns how to install the package `name`, a key of `SYSTEM_PACKAGES`: a clause such as "on Debian: apt-get
    install fonts-noto-cjk". If the table does not have this system, the clauses for all systems are joined.
    """
    package, system = SYSTEM_PACKAGES[name], find_system()
    systems = (system,) if system is not None else tuple(_SYSTEM_NAMES)
    return "; ".join(f"on {_SYSTEM_NAMES[system_name]}: {getattr(package, system_name)}" for system_name in systems)


def find_system() -> str | None:
    """Returns the name of this machine's system in `SystemPackage`; None if it has no such system.

    A Linux distribution names similar distributions in `os-release` (freedesktop.org, os-release(5)).
    """
    if sys.platform in ("darwin", "win32"):
        return {"darwin": "macos", "win32": "windows"}[sys.platform]
    try:
        lines = _RELEASE.read_text("utf-8", "replace").splitlines()
    except OSError:
        return None
    values = dict(line.split("=", 1) for line in lines if "=" in line)
    like = " ".join(values.get(key, "").strip("\"'") for key in ("ID", "ID_LIKE")).split()
    return next((system for system in ("debian", "fedora") if system in like), None)
