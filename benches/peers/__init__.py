"""hauberk against its peers: one file a domain, `python -m benches.peers [domain…]`."""
