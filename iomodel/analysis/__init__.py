"""Questions asked of a model; each answer is a frozen result that checks itself."""
