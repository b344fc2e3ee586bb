"""A project as the XML file of REDCap's project page: CDISC ODM 1.3 with REDCap's own names.

Inside: settings, arms, events, designations, what repeats, instruments with their labels, fields,
Data Access Groups and roles (recorded in 31 published files). Never users, and never what the
design does not know of: surveys, alerts, reports, records; those are counted and told.
"""

from redcap_iac.formats.project_xml.reading import read_project_xml
from redcap_iac.formats.project_xml.writing import write_project_xml

__all__ = ["read_project_xml", "write_project_xml"]
