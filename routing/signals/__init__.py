"""What a customer's turn says, each signal a small pure module. Nothing here decides: routing.policy does."""
