"""What each page is given, as plain structs: one file per area, one struct per page."""
