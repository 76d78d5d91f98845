"""Quality: reviewing blind, one's own results, coaching, and what is drawn by which scorecard."""
