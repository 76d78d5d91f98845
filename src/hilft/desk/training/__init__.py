"""Training: what people learn and prove, what trainers mark, who holds which certificate, and what is taught."""
