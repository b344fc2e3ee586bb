"""Records: export, import, delete, rename and the next name, a file for each and for each part."""
