"""A design as one page for people: codebook, schedule, logic, access."""

from redcap_iac.views.docs.page import About, docs_html

__all__ = ["About", "docs_html"]
