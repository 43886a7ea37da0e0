"""An application whose models have encrypted fields."""
