"""The desk's daily handiwork: steps that can be undone, tags, mentions, many at once, merging and splitting, rules."""
