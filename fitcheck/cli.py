"""The command line: it hands the words to a command, and turns errors into one line and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from fitcheck.errors import FitcheckError, UseCaseError

__all__ = ["main"]

_OK, _BAD_INPUT, _INTERRUPTED, _BROKEN_PIPE = 0, 2, 130, 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        argv: The arguments; None for the process's own.

    Returns:
        The exit code: 0 done, 2 bad input, 130 interrupted, 141 where nobody reads the output any more.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] in (["--version"], ["-V"]):
        from fitcheck import __version__

        print(f"fitcheck {__version__}")
        return _OK
    _use_utf8()
    # looking for pydantic's plugins reads every installed package's metadata, and this process needs none
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # what is still buffered must not fail again when the interpreter closes the stream
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    except FitcheckError as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    return code


def _run(arguments: list[str]) -> int:
    if len(arguments) == 1 and _is_plain_text(arguments[0]):
        # the commonest call by far; typer would take a tenth of a second to hand it over
        from fitcheck.show import show_verdict_on

        show_verdict_on(arguments[0])
        return _OK
    import typer

    from fitcheck.commands import app

    command = typer.main.get_command(app)
    names = list(getattr(command, "commands", ()))
    try:
        with command.make_context("fitcheck", _route(arguments, names)) as context:
            command.invoke(context)
    except typer.Exit as done:
        return done.exit_code
    except typer.Abort:
        raise KeyboardInterrupt from None
    except typer.TyperException as error:
        path = getattr(getattr(error, "ctx", None), "command_path", "fitcheck")
        raise UseCaseError(f"{error.format_message().rstrip('.')}; {path} --help says how it is called") from None
    return _OK


def _is_plain_text(argument: str) -> bool:
    """Say whether an argument can be nothing but an idea: no option, no command's name."""
    return not argument.startswith("-") and (" " in argument or not argument.isascii())


def _route(arguments: list[str], commands: Sequence[str]) -> list[str]:
    """Send a first word that is no command to `assess`."""
    if not arguments:
        return ["--help"]
    first = arguments[0]
    if first in (*commands, "-h", "--help"):
        return arguments
    if first.isascii() and first.isalpha():
        from difflib import get_close_matches

        near = get_close_matches(first, commands, n=1, cutoff=0.75)
        if near:
            what = f"no command is called {first!r}; did you mean {near[0]!r}?"
            raise UseCaseError(f"{what} To judge the word itself: fitcheck assess {first}")
    return ["assess", *arguments]


def _use_utf8() -> None:
    """Write UTF-8 to files and pipes, and never fail for a character that a terminal can't show."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            own = stream.isatty() or "PYTHONIOENCODING" in os.environ
            reconfigure(encoding=None if own else "utf-8", errors="backslashreplace")


def _fail(message: str) -> int:
    print(f"fitcheck: error: {message}", file=sys.stderr)
    return _BAD_INPUT
