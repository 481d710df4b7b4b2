"""The page "Lessons": the index, the question, what an exhibit draws on, and what all exhibits share."""
