"""What goes wrong when people do what they may not, or what no longer holds."""


class Refusal(Exception):
    """A command that does not happen; the text tells the person why and what to do instead."""


class NotAllowed(Refusal):
    """The person's roles do not cover this action."""
