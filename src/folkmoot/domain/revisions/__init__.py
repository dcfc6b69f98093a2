"""Edits: what a post becomes, and every version that it was."""
