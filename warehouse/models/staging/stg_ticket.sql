-- One row per ticket, its newest version.
-- Class: L2; L3 lon, lat, grid50, summary_scrubbed, intake_staff
-- Slice: ticket_id
-- Superseded versions are found by key and time alone: ordering whole rows would cost ten times as much.
with superseded as (
    select file_id, row_no
    from lake_ticket
    qualify row_number() over (
        partition by ticket_id
        order by exported_at desc, file_on desc, file_id desc, row_no desc
    ) > 1
)
select
    t.ticket_id,
    t.source_system,
    t.parent_ticket_id,
    t.merged_into,
    t.cust_key,
    t.accepted_at,
    t.occurred_at,
    coalesce(t.channel_code, 'UNMAPPED') as channel_code,
    coalesce(t.type_code, 'UNMAPPED') as type_code,
    t.type_detail,
    coalesce(t.request_kind, 'complaint') as request_kind,
    coalesce(t.validity, 'valid') as validity,
    coalesce(t.priority, 'P3') as priority,
    t.priority_reasons,
    t.escalation_tendency,
    t.summary_scrubbed,
    t.home_region,
    t.region_code,
    t.town,
    t.branch,
    t.urban_rural,
    t.place_name,
    t.lon,
    t.lat,
    t.geo_grade,
    t.place_id,
    t.point_region,
    t.datum_original,
    t.grid50,
    t.grid250,
    t.grid500,
    t.h3_8,
    t.h3_9,
    t.serving_cell_id,
    t.terminal_model,
    t.terminal_5g,
    t.cust_type,
    t.star,
    t.tenure_months,
    t.age_band,
    t.vip,
    t.package_name,
    t.intake_staff,
    t.dispatched_at,
    t.first_reply_at,
    t.owner_dept,
    t.n_transfers,
    t.n_chasers,
    t.n_reopens,
    t.resolved_at,
    t.feedback_at,
    t.archived_at,
    t.status,
    t.overdue_reason,
    t.is_solved,
    t.unresolved_reason,
    t.cause_l1,
    t.cause_l2,
    t.cause_l3,
    t.responsibility,
    t.compensation_yuan,
    t.compensation_gb,
    t.promise_due_at,
    t.hall_id,
    t.is_template,
    t.on_behalf,
    coalesce(t.is_synthetic, false) as is_synthetic
from lake_ticket as t
left join superseded as s on s.file_id = t.file_id and s.row_no = t.row_no
where s.row_no is null
