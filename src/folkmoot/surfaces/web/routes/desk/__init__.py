"""/desk, a file for each of its places; `desk_places.py` lists them for who may use them."""
