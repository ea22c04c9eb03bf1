"""Who comes in, and what is noted of it. What somebody may see is decided in `warehouse.scope`, not here."""
