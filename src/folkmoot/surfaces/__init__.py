"""The languages spoken to the outside: parse, call the domain, present. No SQL, no decisions."""
