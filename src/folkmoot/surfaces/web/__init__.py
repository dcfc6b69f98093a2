"""The web interface: pages rendered on the server, usable without JavaScript.

`pages/` holds what each page is given, `templates/` its words, `static/` its look.
Nothing here asks the database; handlers fill the pages from domain rooms.
"""
