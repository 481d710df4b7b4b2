"""Train: the forms, the list of jobs, and what is watched of one."""
