"""The nouns: tables, labels, satellites, sectors, assumptions. Immutable, labelled."""
