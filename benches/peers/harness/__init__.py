"""What a domain file needs: see benches/README.md."""

from benches.peers.harness.contest import Clock as Clock
from benches.peers.harness.contest import Contest as Contest
from benches.peers.harness.contest import Domain as Domain
from benches.peers.harness.contest import Setup as Setup
from benches.peers.harness.contest import Unit as Unit
from benches.peers.harness.contest import Work as Work
from benches.peers.harness.contest import equal_outputs as equal_outputs
from benches.peers.harness.frameworks import configure_django as configure_django

__all__ = [
    "Clock",
    "Contest",
    "Domain",
    "Setup",
    "Unit",
    "Work",
    "configure_django",
    "equal_outputs",
]
