"""What each command does, and how it speaks: the command line without its arguments. No page, no computing here."""
