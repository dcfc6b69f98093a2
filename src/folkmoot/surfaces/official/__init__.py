"""What the law gives a form: the parts of the harmonised transparency report, as CSV."""
