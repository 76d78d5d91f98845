"""Instagram keeps the contract, against the practice network."""

from tests.channels.contract_suite import ContractSuite, KeylessReplies


class TestContract(ContractSuite, KeylessReplies):
    """What a channel without edits and keys can keep."""
