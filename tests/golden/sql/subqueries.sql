-- table person: id integer 0..999 unique, town category aap|mies|noot null, age integer 0..17 null
-- table care: person integer 0..999 null, kind category huis|klas null, cost integer 0..90 null
-- rows: person 1000, care 5000

-- query exists_groups_the_inner_side
SELECT town, COUNT(*) AS n FROM person p WHERE EXISTS (SELECT 1 FROM care c WHERE c.person = p.id AND c.cost > 10) GROUP BY town
-- query not_exists
SELECT COUNT(*) AS n FROM person p WHERE NOT EXISTS (SELECT * FROM care c WHERE c.person = p.id AND p.age > 3)
-- query in_select
SELECT COUNT(*) AS n FROM care WHERE person IN (SELECT id FROM person WHERE town = 'aap') AND kind = 'huis'
-- query in_grouped_select
SELECT COUNT(*) AS n FROM person WHERE id IN (SELECT person FROM care GROUP BY person HAVING COUNT(*) > 1)
-- query not_in_without_nulls
SELECT COUNT(*) AS n FROM person WHERE id NOT IN (SELECT person FROM care WHERE person IS NOT NULL)
-- query refused_not_in_with_nulls
SELECT COUNT(*) FROM person WHERE id NOT IN (SELECT person FROM care)
-- query refused_uncorrelated
SELECT COUNT(*) FROM person WHERE EXISTS (SELECT 1 FROM care)
-- query refused_correlated_inequality
SELECT COUNT(*) FROM person p WHERE EXISTS (SELECT 1 FROM care c WHERE c.person = p.id AND c.cost > p.age)
-- query refused_under_or
SELECT COUNT(*) FROM person p WHERE p.age > 3 OR EXISTS (SELECT 1 FROM care c WHERE c.person = p.id)
-- query union_all_widens_types
SELECT v, COUNT(*) AS n FROM (SELECT age AS v, town AS w FROM person UNION ALL SELECT cost, kind FROM care) u WHERE w = 'aap' GROUP BY v
-- query union_removes_doubles
SELECT COUNT(*) AS n FROM (SELECT town FROM person UNION SELECT kind FROM care) u
