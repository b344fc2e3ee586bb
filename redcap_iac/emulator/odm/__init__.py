"""Project XML: a project written as CDISC ODM 1.3.1 and read back, as REDCap does both."""
