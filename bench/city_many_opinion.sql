-- Posts in public, as many more as complaints.
select
    o.* replace (
        o.row_no + c.copy * 10000000 as row_no,
        o.opinion_id || '-' || c.copy as opinion_id,
        md5(o.url_hash || c.copy) as url_hash
    )
from lake_opinion as o
cross join range(cast($first as bigint), cast($last as bigint)) as c (copy)
