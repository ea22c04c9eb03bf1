-- Every row read from a file was loaded, refused, or left out by a named rule.
select file_name, n_rows, n_loaded, n_rejected, n_dropped
from fact_file
where state = 'loaded' and n_rows <> n_loaded + n_rejected + n_dropped
