"""What the conformance tests share: processes, the wire, recordings and how they are compared."""
