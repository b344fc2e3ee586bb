"""Changing the files of a project in place: what a change is not about stays as it is."""

from redcap_iac.errors import EditError
from redcap_iac.manifest.editing.overlaid import Overlaid
from redcap_iac.manifest.editing.rewriting import rewritten

__all__ = ["EditError", "Overlaid", "rewritten"]
