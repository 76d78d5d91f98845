"""Browsers send the end of a line as two characters; texts here know one."""


def plain(text: str) -> str:
    """The text with single line ends and nothing around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
