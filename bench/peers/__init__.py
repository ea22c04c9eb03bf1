"""The dashboard's questions about hourly counters, asked of us and of others who start from the same files."""
