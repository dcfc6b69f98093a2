"""Reports: what members bring to the team's attention, with what is needed to judge it."""
