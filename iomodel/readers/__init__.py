"""Files become objects here, and only here."""
