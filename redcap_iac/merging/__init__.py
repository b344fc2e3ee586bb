"""The three-way merge of `pull`: the files, their base, REDCap → what changes in the files.

States are compared as values (`sides`, `facets`), every difference is decided (`deciding`), what
is REDCap's becomes edits in the words of the design (`dictionary`, `sections`), and what comes out
is proven before anybody writes it (`merge`).
"""
