"""The agents' workspace: views, forms and templates; no models, no rules."""
