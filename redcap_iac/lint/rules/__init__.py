"""The rules, one module a family; importing this package's modules registers them."""
