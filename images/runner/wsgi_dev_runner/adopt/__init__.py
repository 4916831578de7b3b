"""A configuration of the user's own, made fit for one container: `adoption` says in which order.

`files` and `copy` find it and copy what needs another word before Apache reads it, `asking` has Apache read it, `dump`
takes what that prints. `rules`, `ruling` and `body` change its directives, `frame` puts what a container needs around
them; `groups`, `effects`, `scripts` and `hosts` tell what its daemon processes, scripts and hosts mean here. `report`
says what was changed, `inside` does its part in Apache's process.
"""
