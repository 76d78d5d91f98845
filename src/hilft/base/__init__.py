"""Clock, queue, live updates and the design system; knows no domain word."""
