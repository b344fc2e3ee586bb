"""The parts of draft mode and of the design pages of a production project; `draft` is the door."""
