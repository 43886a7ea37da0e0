"""Other packages' interfaces on hauberk's engines, for moving in one step."""
