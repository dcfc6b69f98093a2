"""Pictures, films and sounds: uploaded, processed, described, attached to a post, deleted with it."""
