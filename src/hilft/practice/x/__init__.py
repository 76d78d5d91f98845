"""X practice network: the documented API, its rules, prices and faults, and the network as a person sees it."""
