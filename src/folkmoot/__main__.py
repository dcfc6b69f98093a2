"""`python -m folkmoot` is the command line."""

from folkmoot.cli.main import main

main()
