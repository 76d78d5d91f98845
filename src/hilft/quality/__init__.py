"""Reviews of published replies: drawn by plan, written blind, open to dispute; and coaching between two people."""
