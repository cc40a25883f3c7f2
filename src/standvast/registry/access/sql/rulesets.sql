-- The rules that are enforced, and those in their shadow: at most one row of each.
SELECT number, text, state = 'enforced'
FROM access_ruleset
WHERE state = 'enforced' OR is_shadowed
