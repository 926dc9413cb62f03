-- table person: id integer 0..999999999 unique, town category aap|mies|noot null, age integer 0..17 null, born date null, active boolean
-- table care: person integer 0..999999999 null, kind category huis|klas null, cost integer -50..90 null, start date null
-- table place: town category mies|noot|wim unique, size integer 1..5
-- rows: person 1000, care 5000, place 10

-- query inner_many_to_one
SELECT p.town, COUNT(*) AS n FROM care c JOIN person p ON p.id = c.person GROUP BY p.town
-- query inner_the_other_way_round
SELECT p.town, SUM(c.cost) AS total FROM person p JOIN care c ON c.person = p.id AND c.cost > 0 AND p.age < 12 GROUP BY p.town
-- query left_with_grouped_side
SELECT town, COUNT(*) AS all_of_them, COUNT(first_start) AS with_care FROM person LEFT JOIN (SELECT person, MIN(start) AS first_start FROM care GROUP BY person) c ON c.person = id GROUP BY town
-- query left_conditions_on_both_sides
SELECT COUNT(p.id) AS n FROM care c LEFT JOIN person p ON p.id = c.person AND p.age > 3 AND c.cost > 0 AND c.start > p.born
-- query right_join_is_a_left_join
SELECT COUNT(p.id) AS n, COUNT(*) AS m FROM person p RIGHT JOIN care c ON p.id = c.person
-- query comma_join_of_three
SELECT q.size, COUNT(*) AS n FROM care c, person p, place q WHERE c.person = p.id AND p.town = q.town AND c.kind = 'huis' GROUP BY q.size
-- query different_domains_are_recoded
SELECT COUNT(*) AS n FROM person p JOIN place q ON p.town = q.town
-- query computed_key
SELECT COUNT(*) AS n FROM care c JOIN person p ON p.id = c.person + 1
-- query with_is_a_view
WITH young AS (SELECT id, town FROM person WHERE age < 6) SELECT town, COUNT(*) AS n FROM young JOIN care ON care.person = young.id GROUP BY town
-- query refused_many_to_many
SELECT COUNT(*) FROM care a JOIN care b ON a.person = b.person
-- query refused_left_many
SELECT COUNT(*) FROM person p LEFT JOIN care c ON c.person = p.id
-- query refused_cross
SELECT COUNT(*) FROM person, care
-- query refused_inequality
SELECT COUNT(*) FROM person p JOIN care c ON c.start > p.born
-- query several_rows_per_key
SELECT p.town, COUNT(*) AS n, SUM(f.cost) AS s FROM person p LEFT JOIN (SELECT person, cost, row_number() OVER (PARTITION BY person ORDER BY start, cost) AS rn FROM care) f ON f.person = p.id AND f.rn <= 2 GROUP BY p.town
-- query refused_too_many_rows_per_key
SELECT COUNT(*) AS n FROM care c JOIN (SELECT person, row_number() OVER (PARTITION BY person ORDER BY start, cost) AS rn FROM care) f ON f.person = c.person AND f.rn <= 65
-- query refused_several_rows_with_a_condition_on_both
SELECT COUNT(*) AS n FROM person p LEFT JOIN (SELECT person, cost, row_number() OVER (PARTITION BY person ORDER BY start, cost) AS rn FROM care) f ON f.person = p.id AND f.rn <= 2 AND f.cost > p.age
