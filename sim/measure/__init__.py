"""From a trace to numbers, in whole columns at a time: a run may have millions of changes."""
