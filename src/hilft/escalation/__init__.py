"""Service-level clocks: business hours, holidays, and when something is due. So far only the pure rules."""
