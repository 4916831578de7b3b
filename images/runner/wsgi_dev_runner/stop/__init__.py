"""A stop, whichever debugger shows it: where it begins and ends, and what is said of it. Loaded at the first one."""
