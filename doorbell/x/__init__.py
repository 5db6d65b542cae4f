"""X: films go up in parts and stand beside a post (docs.x.com, "Chunked media upload")."""
