"""`redcap-iac`: the options before the command, and the list of commands."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import click

from redcap_iac.cli.group import LazyGroup
from redcap_iac.cli.invocation import Invocation, Outside

_HERE = "redcap_iac.cli"
COMMANDS = {
    "init": (f"{_HERE}.init", "init", "Write a small project folder to start from."),
    "demo": (f"{_HERE}.demo", "demo", "Show the whole round on this machine, without a server."),
    "validate": (f"{_HERE}.validate", "validate", "Check the files, without a server."),
    "lint": (f"{_HERE}.lint", "lint", "Judge the design: what people will trip over."),
    "test": (f"{_HERE}.test", "test", "Test a form offline: values in, what comes out."),
    "check": (f"{_HERE}.check", "check", "Validate, lint and test in one."),
    "fmt": (f"{_HERE}.fmt", "fmt", "Lay YAML files out in one way, comments kept."),
    "convert": (f"{_HERE}.convert", "convert", "Convert files: manifest, CSV, XML, zip, JSON."),
    "docs": (f"{_HERE}.docs", "docs", "Write the design as one page for people."),
    "graph": (f"{_HERE}.graph", "graph", "Draw what reads what, as Mermaid or DOT."),
    "plan": (f"{_HERE}.plan", "plan", "Show what would change in REDCap; writes nothing there."),
    "show": (f"{_HERE}.show", "show", "Print a saved plan."),
    "apply": (f"{_HERE}.apply", "apply", "Make the changes of a plan, and prove them."),
    "package": (f"{_HERE}.package", "package", "Write the files for a change in production."),
    "create": (f"{_HERE}.create", "create", "Create the project by super token, then apply."),
    "history": (f"{_HERE}.history", "history", "Show what was applied, by whom, with what proof."),
    "evidence": (f"{_HERE}.evidence", "evidence", "Verify what applies left for an auditor."),
    "pull": (f"{_HERE}.pull", "pull", "Write a live project to files, or merge it into them."),
    "backup": (f"{_HERE}.backup", "backup", "Write everything the API shows to a folder."),
    "restore": (f"{_HERE}.restore", "restore", "Plan a backup back, with the same guards."),
    "doctor": (f"{_HERE}.doctor", "doctor", "Look what this token could plan and apply."),
    "explain": (f"{_HERE}.explain", "explain", "Say what a code means and what to do."),
    "schema": (f"{_HERE}.schema", "schema", "Print a JSON Schema, for editors."),
    "completion": (f"{_HERE}.completion", "completion", "Print what a shell needs to complete."),
    "emulator": (f"{_HERE}.emulator", "emulator", "A REDCap stand-in on this machine."),
}


def version() -> str:
    """Return the version that is installed."""
    return metadata.version("redcap-iac")


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-C", "folder", default=".", metavar="DIR", help="Project folder; here without.")
@click.option("--env", "environment", metavar="NAME", help="Environment of the manifest to use.")
@click.option(
    "--env-file",
    metavar="FILE",
    help="Read variables (NAME=value) from a file; they come before those of the process.",
)
@click.option("--no-color", is_flag=True, help="No colours; NO_COLOR does the same.")
@click.option("-q", "--quiet", is_flag=True, help="Results and errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Every detail: the calls, where an error was.")
@click.version_option(package_name="redcap-iac", message="redcap-iac %(version)s")
@click.pass_context
def cli(
    ctx: click.Context,
    folder: str,
    environment: str | None,
    env_file: str | None,
    *,
    no_color: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    r"""Project-as-code for REDCap: declare a project in YAML, plan, apply.

    \b
    Example:
        redcap-iac init study
        redcap-iac -C study --env dev plan
        redcap-iac -C study --env dev apply
    """
    if quiet and verbose:
        raise click.UsageError("-q and -v exclude each other.")
    outside = ctx.obj if isinstance(ctx.obj, Outside) else Outside()
    place = Path(folder)
    if env_file is not None:
        outside = _with_variables(outside, place / env_file)
    ctx.obj = Invocation.of(
        outside, place, environment, color=not no_color, quiet=quiet, verbose=verbose
    )


cli.knowing(COMMANDS)


def _with_variables(outside: Outside, path: Path) -> Outside:
    # reads no YAML, but lives beside what does
    from redcap_iac.manifest.env_file import read_env_file  # noqa: PLC0415

    environ = {**outside.environ, **read_env_file(path)}
    return Outside(environ, outside.now, outside.sleep, outside.home, outside.is_interactive)
