"""What members are told of: kept one by one and in groups, and the requests of strangers whom
their policy holds back.

`notification_groups` is derived: it follows every insert and delete, so that a grouped page reads
no more rows than it shows.
"""
