// Owner of the precompiled header that the libraries reuse; has no code of its own.
