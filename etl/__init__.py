"""Files in, validated lake tables out. Knows contracts, dirt and privacy; knows nothing of measures or pages."""
