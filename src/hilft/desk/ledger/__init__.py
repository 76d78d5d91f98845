"""The placement ledger: what stands where, from which version."""
