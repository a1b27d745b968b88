"""Everything that can happen to a few users: every event, and every turn of a policy's chance."""
