-- One row per counted complaint: what of its matter came before it, how it was answered, and what came after.
-- Class: L2
-- Slice: ticket_id
-- Order: accepted_at
-- A matter is one customer with one level-2 type; the next ticket within 30 days is a repeat (fact_ticket.chain_id).
-- answer_kind: how the ticket was left. open (no result told), recorded (told, though its log holds no inquiry, plan,
-- solution or refund of substance), solved, unsolved. before_answer, before_dept: the same of the ticket before a repeat,
-- at the moment the customer came again; FIRST where nothing came before.
-- next_at: the next ticket of the matter; matured_at: 30 days after acceptance, from when that is known for good.
-- is_back_7d: it came within 7 days of the answer; answered_7d_at: 7 days after the answer, when that is known for good.
-- is_first_solved: solved in the first round: never reopened, and no next ticket within 7 days; missing where no result is told.
-- outside_at: the first filing with an outside body after this ticket of our own, in the same matter.
-- is_tagged: a ticket of our own with a sign of going outside. is_in_vain: the customer chased or came again a day or
-- more after acceptance, and until then nothing of substance had happened; only of tickets with an event log.
-- is_watched: took longer than 48 hours; is_kept_informed: no 48 hours of it without a word to the customer.
-- n_filled: known of time, place, symptom, terminal, number to call back.
-- is_by_template: answered with a template of the workspace (fact_template_use); missing where there is none at all.
with tickets as (
    select * from fact_ticket where is_counted
),
templates as (
    select count(*) as n_templates from seed_template
),
done as (
    select
        ticket_id,
        min(case when event in ('INV', 'PLN', 'RES', 'COMPENSATE') then event_at end) as worked_at,
        min(event_at) as substance_at
    from fact_ticket_event
    where is_substantive and not is_early
        and event in ('FRS', 'PROGRESS', 'INV', 'PLN', 'RES', 'FBK', 'COMPENSATE')
    group by ticket_id
),
chased as (
    select ticket_id, min(contact_at) as chased_at from fact_contact where kind = 'chaser' group by ticket_id
),
answered as (
    select
        t.ticket_id, t.chain_id, t.accepted_at, t.owner_dept, t.feedback_at,
        case
            when t.feedback_at is null then 'open'
            when t.source = 'log' and d.worked_at is null then 'recorded'
            when t.is_solved then 'solved'
            else 'unsolved'
        end as answer_kind
    from tickets as t
    left join done as d on d.ticket_id = t.ticket_id
),
steps as (
    select
        a.ticket_id, a.accepted_at,
        lag(a.accepted_at) over (partition by a.chain_id order by a.accepted_at, a.ticket_id) as before_at,
        lag(a.owner_dept) over (partition by a.chain_id order by a.accepted_at, a.ticket_id) as before_dept,
        lag(a.feedback_at) over (partition by a.chain_id order by a.accepted_at, a.ticket_id) as before_feedback_at,
        lag(a.answer_kind) over (partition by a.chain_id order by a.accepted_at, a.ticket_id) as before_answer,
        lead(a.accepted_at) over (partition by a.chain_id order by a.accepted_at, a.ticket_id) as next_at
    from answered as a
    join fact_chain as c on c.chain_id = a.chain_id
),
outside as (
    select t.ticket_id, min(o.accepted_at) as outside_at
    from tickets as t
    join fact_outside as o
        on o.matter_id = coalesce(t.chain_id, t.case_id) and o.accepted_at > t.accepted_at
    group by t.ticket_id
),
bodies as (
    select channel_code from dim_channel where is_external
),
informed as (
    select ticket_id, is_informed from fact_ticket_informed
)
select
    t.ticket_id,
    t.cust_key,
    t.accepted_at,
    t.accepted_on,
    t.type_l1,
    t.type_code,
    t.channel_code,
    t.channel_group,
    t.region_code,
    t.town,
    coalesce(t.cust_type, 'UNKNOWN') as cust_type,
    coalesce(t.age_band, 'UNKNOWN') as age_band,
    t.priority,
    coalesce(t.owner_dept, 'UNKNOWN') as owner_dept,
    t.chain_id,
    t.feedback_at,
    t.is_repeat,
    t.is_template,
    a.answer_kind,
    s.before_at,
    case when s.before_at is null then 'FIRST' else coalesce(s.before_dept, 'UNKNOWN') end as before_dept,
    case
        when s.before_at is null then 'FIRST'
        when s.before_feedback_at <= t.accepted_at then s.before_answer
        else 'open'
    end as before_answer,
    s.next_at,
    plus_minutes(t.accepted_at, 30 * 1440) as matured_at,
    coalesce(s.next_at > t.feedback_at, false) as is_back_after_answer,
    coalesce(s.next_at > t.feedback_at and s.next_at <= plus_minutes(t.feedback_at, 7 * 1440), false) as is_back_7d,
    plus_minutes(t.feedback_at, 7 * 1440) as answered_7d_at,
    case when t.feedback_at is not null and t.is_solved is not null then
        t.is_solved
        and coalesce(t.n_reopens, 0) = 0
        and not coalesce(s.next_at <= plus_minutes(t.feedback_at, 7 * 1440), false)
    end as is_first_solved,
    o.outside_at,
    t.escalation_tendency,
    t.escalation_tendency is not null and b.channel_code is null as is_tagged,
    c.chased_at,
    case when t.source = 'log' then
        coalesce(
            seconds_between(t.accepted_at, least(c.chased_at, s.next_at)) >= 86400
            and (d.substance_at is null or d.substance_at > least(c.chased_at, s.next_at)),
            false
        )
    end as is_in_vain,
    case when t.feedback_at is not null and p.n_templates > 0 then u.ticket_id is not null end as is_by_template,
    coalesce(u.template_id, 'NONE') as template_id,
    i.ticket_id is not null as is_watched,
    coalesce(i.is_informed, false) as is_kept_informed,
    case when t.occurred_at is not null then 1 else 0 end
    + case when coalesce(t.place_name, t.serving_cell_id) is not null or t.lon is not null then 1 else 0 end
    + case when t.type_detail is not null then 1 else 0 end
    + case when t.terminal_model is not null then 1 else 0 end
    + case when t.cust_key is not null then 1 else 0 end as n_filled
from tickets as t
join answered as a on a.ticket_id = t.ticket_id
left join steps as s on s.ticket_id = t.ticket_id
left join done as d on d.ticket_id = t.ticket_id
left join chased as c on c.ticket_id = t.ticket_id
left join outside as o on o.ticket_id = t.ticket_id and o.outside_at > t.accepted_at
left join bodies as b on b.channel_code = t.channel_code
left join informed as i on i.ticket_id = t.ticket_id
left join fact_template_use as u on u.ticket_id = t.ticket_id
cross join templates as p
