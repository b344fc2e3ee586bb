"""A design as one thing to look at: what is where, what repeats, what refers to what.

A `State` holds items by kind. Whoever judges, tests or draws a design asks it other questions:
which fields an instrument has, on which events it stands, whether it repeats there, which choices
a field has. `Design` answers those once for all, from a declared state or from a live one.
"""

from redcap_iac.design.design import Design, Visit
from redcap_iac.design.event_names import predicted_name
from redcap_iac.design.sites import Purpose, Site, sites

__all__ = ["Design", "Purpose", "Site", "Visit", "predicted_name", "sites"]
