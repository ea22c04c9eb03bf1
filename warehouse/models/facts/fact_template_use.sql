-- One row per ticket whose solution was written from a template.
-- Class: L2
-- Slice: ticket_id
-- Templates are those of the workspace (cases.toml), each for one level-1 type; the note of a solution or of the answer
-- holds the template's marker. Where two fit, the first by id.
select t.ticket_id, min(s.template_id) as template_id
from fact_ticket as t
join fact_ticket_event as e on e.ticket_id = t.ticket_id and e.event in ('RES', 'FBK')
join seed_template as s on s.type_l1 = t.type_l1 and e.note_scrubbed like '%' || s.marker || '%'
group by t.ticket_id
