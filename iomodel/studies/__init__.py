"""From a study workbook to its results: the order of verbs, no numbers."""
