"""The usual ways to build the same relay, to compare with: written plainly and fairly, as their own guides teach."""
