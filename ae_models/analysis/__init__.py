"""One question a file, asked by Compare and Lessons alike: plain functions of arrays and runs, no cache, no page."""
