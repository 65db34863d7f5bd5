"""Assets, a module a step, in the order of the flow."""
