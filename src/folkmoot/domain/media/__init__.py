"""Pictures, films and sounds: uploaded, processed, described, attached, deleted."""
