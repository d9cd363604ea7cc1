-- What was chosen when the action was last closed: what has not left by then never does, nor what is confirmed later. It says nothing of an action that is not closed.
alter table actions add column drops_unsent boolean not null default false;

-- As before; and whether messages that are confirmed now are sent to nobody.
create or replace view public_action_times as
select actions.id as action_id, actions.deliver_at, instead.slug as instead_slug, actions.state = 'closed' and actions.drops_unsent as nothing_leaves
from actions join public_actions on public_actions.id = actions.id left join public_actions instead on instead.id = actions.instead_action_id;
