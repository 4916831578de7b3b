"""What a person has at a prompt beyond the debugger's own commands."""
