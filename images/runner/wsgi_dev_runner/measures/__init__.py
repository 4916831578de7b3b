"""Coverage and profiles: `measuring` in Apache's process, `reports` in the supervisor's."""
