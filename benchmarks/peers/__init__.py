"""The same models written for other programs, to be measured beside ours."""
