-- Current memberships by member, covering what is asked of them. Partial like the other indexes of current memberships:
-- without statistics the planner takes those for tiny, and would rather read one of them whole than use an index of all.
DROP INDEX registry.memberships_by_member;
CREATE INDEX memberships_by_member ON registry.memberships (member_id, group_id) WHERE ended_on IS NULL;
