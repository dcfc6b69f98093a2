"""`python -m folkmoot` is the command line."""

# Serving processes load this file again under another name, and have no use for the command line.
if __name__ == "__main__":
    from folkmoot.cli.main import main

    main()
