"""A design as one page for people: codebook, schedule, logic, access."""

from redcap_iac.views.docs.page import MARK, About, docs_html

__all__ = ["MARK", "About", "docs_html"]
