"""The company's own system of customers: asked for a record when somebody looks, and never copied."""
