"""Facebook keeps the contract, against the practice network."""

from tests.channels.contract_suite import ContractSuite, EditableReplies, KeylessReplies


class TestContract(ContractSuite, KeylessReplies, EditableReplies):
    """All of it, but for keys."""
