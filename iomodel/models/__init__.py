"""Tables become models here: a table plus one factorisation."""
