"""Completion for PowerShell, which click does not bring along."""

from __future__ import annotations

import os
import re

from click.shell_completion import CompletionItem, ShellComplete, add_completion_class

NAME = "powershell"

_POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | ForEach-Object { $_.Extent.Text })
    if ($wordToComplete -eq '') { $words += '' }
    $env:%(complete_var)s = 'powershell_complete'
    $env:COMP_WORDS = $words -join "`n"
    %(prog_name)s | ForEach-Object {
        $kind, $value, $help = $_ -split "`t", 3
        if ($kind -eq 'plain') {
            [System.Management.Automation.CompletionResult]::new(
                $value, $value, 'ParameterValue', $(if ($help) { $help } else { $value }))
        } else {
            [System.Management.Automation.CompletionCompleters]::CompleteFilename($value)
        }
    }
    Remove-Item Env:%(complete_var)s, Env:COMP_WORDS
}
"""
_QUOTES = re.compile(r"""^(['"])(.*)\1$""", re.DOTALL)


@add_completion_class
class PowerShell(ShellComplete):
    """What PowerShell asks, and how it wants to be answered.

    The script hands over the words line by line in COMP_WORDS, the last of them to be completed.
    """

    name = NAME
    source_template = _POWERSHELL

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before, and the one that is being typed."""
        words = [_QUOTES.sub(r"\2", word) for word in os.environ["COMP_WORDS"].split("\n")]
        return words[1:-1], words[-1] if len(words) > 1 else ""

    def format_completion(self, item: CompletionItem) -> str:
        """Return one line: what kind it is, the word, what it means."""
        help_ = (item.help or "").replace("\t", " ").replace("\n", " ")
        return f"{item.type}\t{item.value}\t{help_}"
