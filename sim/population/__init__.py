"""Who lives in a simulation: the closed model, personas of a scenario file, or a recording."""
