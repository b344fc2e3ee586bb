"""`redcap-iac completion`: what a shell needs to complete commands, options and names."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from redcap_iac.cli import powershell
from redcap_iac.cli.group import COMPLETE
from redcap_iac.cli.invocation import Invocation, pass_invocation

_PROGRAM = "redcap-iac"


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish", powershell.NAME]))
@pass_invocation
def completion(invocation: Invocation, shell: str) -> int:
    r"""Print the script that lets a shell complete commands, options, environments and codes.

    \b
    Example:
        redcap-iac completion bash > ~/.local/share/bash-completion/completions/redcap-iac
        redcap-iac completion zsh > ~/.zfunc/_redcap-iac
        redcap-iac completion fish > ~/.config/fish/completions/redcap-iac.fish
        redcap-iac completion powershell >> $PROFILE
    """
    made = powershell.PowerShell if shell == powershell.NAME else get_completion_class(shell)
    assert made is not None
    root = click.get_current_context().find_root().command
    script = made(root, {}, _PROGRAM, COMPLETE).source_template % {
        "complete_func": "_redcap_iac_completion",
        "complete_var": COMPLETE,
        "prog_name": _PROGRAM,
    }
    invocation.screen.show(script.strip("\n"))
    return 0
