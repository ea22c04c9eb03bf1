"""What every page shares: words, numbers, colours, charts. No queries and no page layout."""

import logging

from streamlit.logger import get_logger

# The server imports the app before it runs, and Streamlit says of every cache that there is no server yet.
get_logger("streamlit.runtime.caching.cache_data_api").setLevel(logging.ERROR)
