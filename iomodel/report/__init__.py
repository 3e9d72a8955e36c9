"""One self-contained page that shows a derivation; it looks at results and computes nothing."""
