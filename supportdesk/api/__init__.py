"""What every REST resource shares: shapes, errors, limits, the schema and the list of addresses."""
