"""Where news comes from, files and addresses: each module finds records and gives their bytes as received."""
