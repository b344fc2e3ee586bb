"""Files people hold, to and from items."""
