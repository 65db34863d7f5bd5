"""The doors that news comes through: each finds records and gives their bytes as they were received."""
