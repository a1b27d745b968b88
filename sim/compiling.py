"""Compiles the modules of the simulator that have a ``.pxd`` file beside them: ``python -m sim.compiling``.

The extension modules are put beside their sources, where git ignores them, or into the folder that is named. Only what
has changed is compiled anew. If nothing can be compiled, stdout says why. ``hatch_build.py`` runs it when the project
is installed or built; by hand, it needs Cython and setuptools. ``sim/compiled.py`` says which build is used.

Variables: ``ROULETTE_PURE=1`` compiles nothing; ``ROULETTE_BOUNDS=1`` compiles in a check of every index; ``CC``,
``CFLAGS`` and ``LDFLAGS`` are those of every C build.
"""

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sim.compiled import COMPILED, RECORD, ROOT, SUFFIX, UNWANTED, fingerprint, pure_is_asked_for

SHARED: Final = "sim/_memoryviews.c"
"""What Cython needs for memoryviews, compiled once: in each module, compiling would take three times as long."""

FLAGS: Final = ["/O2"] if sys.platform == "win32" else ["-O3", "-g0", "-ffp-contract=off"]
"""No a·b + c in one step, which some machines have and others lack: all give the same bytes."""

SHARED_FLAGS: Final = [*FLAGS, *(["-O1"] if "-O3" in FLAGS else [])]
"""No loop of ours is in it, and it is quicker to compile like this."""

NO_COMPILER: Final = "no C compiler when it was installed"
NO_EXTENSIONS: Final = "the C compiler could not compile for Python when it was installed"
FAILED: Final = "compiling failed when it was installed"


def build(root: Path, into: Path) -> str:
    """Brings the extension modules in a folder up to date with the sources below another.

    Returns:
        Why there are none, as a phrase; empty if all is well.
    """
    if pure_is_asked_for():
        clear(into, but=[])
        return UNWANTED
    modules = compilable(root)
    declarations = [f"{module[:-3]}.pxd" for module in modules]
    record = [settings(), *(f"{fingerprint(root / name)} {name}" for name in modules + declarations)]
    outdated = out_of_date(modules, record, into)
    (into / RECORD).unlink(missing_ok=True)  # if this is interrupted, nothing is trusted
    problem = compile_into(into, root, outdated) if outdated else ""
    clear(into, but=[] if problem else modules)
    (into / RECORD).parent.mkdir(exist_ok=True)
    (into / RECORD).write_text("\n".join([problem or COMPILED, *record, ""]), encoding="utf-8")
    return problem


def compilable(root: Path) -> list[str]:
    """Returns the paths of the modules that have a ``.pxd`` file beside them, in order."""
    modules = (path.with_suffix(".py") for path in (root / "sim").rglob("*.pxd"))
    return sorted(path.relative_to(root).as_posix() for path in modules if path.exists())


def directives() -> dict[str, bool | int]:
    """Returns how Cython reads the sources: as Python does, but with the integers, divisions and indices of C."""
    checked = os.environ.get("ROULETTE_BOUNDS", "") not in ("", "0")
    return {
        "language_level": 3,
        "annotation_typing": False,  # annotations are for type checkers; types for C stand in the .pxd
        "infer_types": True,
        "cdivision": True,
        "wraparound": False,
        "boundscheck": checked,
        "initializedcheck": checked,
    }


def settings() -> str:
    """Returns in one line what decides, besides the sources, what is compiled."""
    variables = {name: os.environ.get(name) for name in ("CC", "CFLAGS", "LDFLAGS")}
    return f"Cython {version('cython')} {directives()} {FLAGS} {variables}"


def extension(source: str, into: Path) -> Path:
    """Returns where the extension module of a source is."""
    return (into / source).with_suffix(SUFFIX)


def out_of_date(modules: list[str], record: list[str], into: Path) -> list[str]:
    """Returns the sources to compile: all, if anything but modules has changed."""
    old = (into / RECORD).read_text(encoding="utf-8").splitlines()[1:] if (into / RECORD).exists() else []
    changed = {line.partition(" ")[2] for line in set(record) ^ set(old)}
    sources = [SHARED, *modules]
    if changed - set(modules):
        return sources
    return [source for source in sources if source in changed or not extension(source, into).exists()]


def clear(into: Path, but: list[str]) -> None:
    """Removes the record, and the extension modules for this Python of all sources but these."""
    kept = {extension(source, into) for source in [*but, *([SHARED] if but else [])]}
    for path in (into / "sim").rglob(f"*{SUFFIX}"):
        if path not in kept:
            path.unlink()
    (into / RECORD).unlink(missing_ok=True)


def compile_into(into: Path, root: Path, sources: list[str]) -> str:
    """Compiles sources, and puts the extension modules into a folder if all is well.

    Returns:
        Why it could not be done, as a phrase; empty if all is well.
    """
    with TemporaryDirectory() as folder:
        try:
            probe(Path(folder))
        except Exception:
            command = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")
            return NO_EXTENSIONS if shutil.which(command[0]) else NO_COMPILER
        try:
            compile_sources(root, sources, Path(folder))
        except Exception as error:
            print(error, file=sys.stderr)
            return FAILED
        for source in sources:
            place(extension(source, Path(folder)), extension(source, into))
    return ""


def place(made: Path, where: Path) -> None:
    """Moves an extension module to its place in one step: a process may have the old one in its memory."""
    where.parent.mkdir(parents=True, exist_ok=True)
    beside = where.with_name(f"{where.name}.new")
    shutil.copyfile(made, beside)
    beside.replace(where)


def probe(folder: Path) -> None:
    """Compiles next to nothing, which shows in a moment whether there is a C compiler, and headers of Python."""
    from setuptools import Extension

    source = folder / "probe.c"
    source.write_text("#include <Python.h>\nPyMODINIT_FUNC PyInit_probe(void) { return NULL; }\n", encoding="utf-8")
    compile_c([Extension("probe", [str(source)])], folder)


def compile_sources(root: Path, sources: list[str], folder: Path) -> None:
    """Compiles sources to C, and that to extension modules in a folder, on all processors."""
    from Cython.Build import cythonize
    from setuptools import Extension

    (folder / "sim").mkdir()
    write_shared = [sys.executable, "-m", "cython", f"--generate-shared={folder / SHARED}"]
    shared = subprocess.Popen(write_shared) if SHARED in sources else None
    os.chdir(root)  # Cython looks for the .pxd files of other modules from here
    extensions = cythonize(
        [Extension(dotted(source), [source], extra_compile_args=FLAGS) for source in sources if source != SHARED],
        build_dir=str(folder),
        nthreads=os.cpu_count() or 1,
        quiet=True,
        shared_utility_qualified_name=dotted(SHARED),
        compiler_directives=directives(),
    )
    if shared:
        if shared.wait() != 0:
            raise RuntimeError("Cython did not write what the modules share")
        extensions.insert(0, Extension(dotted(SHARED), [str(folder / SHARED)], extra_compile_args=SHARED_FLAGS))
    compile_c(extensions, folder)


def dotted(source: str) -> str:
    """Returns the name of a module by which it is imported."""
    return source.partition(".")[0].replace("/", ".")


def compile_c(extensions: list[object], folder: Path) -> None:
    """Compiles C to extension modules in a folder."""
    from setuptools import Distribution

    command = Distribution({"name": "sim", "ext_modules": extensions}).get_command_obj("build_ext")
    command.build_lib, command.build_temp = str(folder), str(folder / "objects")
    command.parallel = os.cpu_count() or 1
    command.ensure_finalized()
    command.run()


if __name__ == "__main__":
    print(build(ROOT, Path(sys.argv[1]) if sys.argv[1:] else ROOT), end="")
