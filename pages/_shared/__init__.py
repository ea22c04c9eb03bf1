"""What every page shares: words, numbers, colours, charts. No queries and no page layout."""
