"""How far each person's word on answers reaches."""
