-- No customer key looks like a telephone number.
-- Slice: ticket_id
select ticket_id from fact_ticket where has_match(cust_key, '^[0-9 +-]{5,15}$')
