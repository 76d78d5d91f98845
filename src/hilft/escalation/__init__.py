"""Service-level clocks, what was promised to whom, and matters handed to a department or a higher level."""
