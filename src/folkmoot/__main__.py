"""`python -m folkmoot`."""

from folkmoot.cli.main import main

main()
