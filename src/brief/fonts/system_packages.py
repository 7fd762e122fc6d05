"""The table of system packages that the machine must have, and how each system installs them."""

import sys
from collections.abc import Mapping
from pathlib import Path

from brief.model.record import dataclass

_RELEASE = Path("/etc/os-release")
_NOTO = "https://github.com/notofonts/noto-cjk/releases"


@dataclass(frozen=True, slots=True)
class SystemPackage:
    """The commands or words that get one thing onto a machine, by system."""

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
    """Returns how to install what a key of `SYSTEM_PACKAGES` names: on this system if the table has it, otherwise on
    each system of the table.

    Returns a clause such as "on Debian: apt-get install fonts-noto-cjk".
    """
    package, system = SYSTEM_PACKAGES[name], find_system()
    systems = (system,) if system is not None else tuple(_SYSTEM_NAMES)
    return "; ".join(f"on {_SYSTEM_NAMES[each]}: {getattr(package, each)}" for each in systems)


def find_system() -> str | None:
    """Returns the column of `SYSTEM_PACKAGES` for this machine; None if it is another system.

    Linux distributions say in `os-release` which others they are like (freedesktop.org, os-release(5)).
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
