-- table person: id integer 0..999999999 unique, town category aap|mies|noot null, age integer 0..17 null
-- table care: person integer 0..999999999 null, kind category huis|klas null, cost integer -50..90 null, start date null
-- rows: person 1000, care 5000

-- query first_per_person_is_unique
SELECT p.town, COUNT(*) AS n, SUM(f.cost) AS s FROM person p JOIN (SELECT person, cost, row_number() OVER (PARTITION BY person ORDER BY start, kind, cost) AS rn FROM care) f ON f.person = p.id AND f.rn = 1 GROUP BY p.town
-- query previous_row
SELECT COUNT(*) AS n FROM (SELECT start, lag(start) OVER (PARTITION BY person ORDER BY start) AS before FROM care WHERE kind = 'huis') x WHERE x.start - x.before > 30
-- query running_sum_by_row_and_by_value
SELECT MAX(x.r) AS r, MAX(x.v) AS v, MAX(x.a) AS a FROM (SELECT SUM(cost) OVER (PARTITION BY person ORDER BY start DESC ROWS UNBOUNDED PRECEDING) AS r, SUM(cost) OVER (PARTITION BY person ORDER BY start DESC) AS v, SUM(cost) OVER (PARTITION BY person) AS a FROM care) x
-- query computed_keys_and_nulls_order
SELECT COUNT(*) FILTER (WHERE x.k = 1) AS n FROM (SELECT rank() OVER (PARTITION BY EXTRACT(year FROM start) ORDER BY cost * 2 NULLS FIRST, kind DESC NULLS LAST) AS k FROM care) x
-- query unused_window_goes
SELECT COUNT(*) AS n FROM (SELECT person, row_number() OVER (PARTITION BY person ORDER BY start) AS rn FROM care) x WHERE x.person > 5
-- query condition_on_partition_goes_below
SELECT COUNT(*) AS n FROM (SELECT kind, cost, dense_rank() OVER (PARTITION BY kind ORDER BY start) AS k FROM care) x WHERE x.kind = 'klas' AND x.cost > 0 AND x.k < 3
-- query refused_window_in_where
SELECT COUNT(*) FROM care WHERE row_number() OVER (ORDER BY start) = 1
-- query refused_window_in_group
SELECT kind, SUM(COUNT(*)) OVER (ORDER BY kind) FROM care GROUP BY kind
-- query refused_offset
SELECT COUNT(*) FROM (SELECT lag(start, 100) OVER (ORDER BY start) AS d FROM care) x
-- query refused_no_order
SELECT COUNT(*) FROM (SELECT row_number() OVER (PARTITION BY person) AS d FROM care) x
