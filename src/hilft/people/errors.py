"""What goes wrong when people do what they may not, or what no longer holds."""


class Refusal(Exception):
    """A command that does not happen; the text tells the person why and what to do instead."""


class NotAllowed(Refusal):
    """The person's roles do not cover this action."""


class Uncertified(Refusal):
    """A certificate that this takes is missing or over; `skills` are the keys of what is to be learned."""

    def __init__(self, text: str, skills: list[str]) -> None:
        super().__init__(text)
        self.skills = skills
