"""Who follows whom and asks to; notes on others, endorsements; how people stand to each other."""
