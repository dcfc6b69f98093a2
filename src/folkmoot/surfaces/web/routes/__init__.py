"""What answers at each address: thin steps from the domain to a page, one file per area."""
