-- table person: id integer 0..999 unique, town category aap|mies|noot null, age integer 0..17 null, born date null, active boolean
-- table care: person integer 0..999 null, kind category huis|klas null, cost integer 0..90 null
-- rows: person 1000, care 5000

-- query alias_and_position
SELECT CASE WHEN age <= 5 THEN '0-5' WHEN age <= 11 THEN '6-11' END AS band, active, COUNT(*) AS n FROM person GROUP BY band, 2
-- query input_column_before_alias
SELECT LEAST(age, 3) AS town, COUNT(*) AS n FROM person GROUP BY town, LEAST(age, 3)
-- query figures_computed_after_opening
SELECT active, COALESCE(SUM(age), 0) - COUNT(*) AS x, 2 * COUNT(*) AS y FROM person GROUP BY active HAVING COUNT(*) > 3 ORDER BY y DESC, active LIMIT 2
-- query count_distinct_with_others
SELECT kind, COUNT(DISTINCT person) AS persons, COUNT(*) AS n, SUM(cost) AS total, MAX(cost) AS most FROM care GROUP BY kind
-- query count_distinct_of_all
SELECT COUNT(DISTINCT person) AS persons, COUNT(cost) AS n FROM care
-- query filter_and_booleans
SELECT COUNT(*) FILTER (WHERE age > 3) AS n, bool_and(active) AS every_one, bool_or(age > 3) AS any_one, COUNT(town) AS m FROM person
-- query below_an_output
SELECT n, COUNT(*) AS persons FROM (SELECT person, LEAST(COUNT(DISTINCT kind), 2) AS n FROM care GROUP BY person) s GROUP BY n
-- query distinct_is_group_by
SELECT DISTINCT town, active FROM person WHERE age > 3
-- query month_ends
SELECT EXTRACT(year FROM born + INTERVAL '1 month') AS y, COUNT(*) AS n FROM person WHERE born > DATE '2020-03-31' - INTERVAL '1 month' GROUP BY y
-- query refused_rows
SELECT id, town FROM person
-- query refused_wide_heading
SELECT born, COUNT(*) FROM person GROUP BY born
-- query refused_ungrouped
SELECT town, age, COUNT(*) FROM person GROUP BY town
-- query refused_scalar_below
SELECT COUNT(*) FROM (SELECT COUNT(*) AS n FROM care) s
-- query refused_order_item
SELECT town, COUNT(*) FROM person GROUP BY town ORDER BY MIN(age)
-- query refused_bits
SELECT SUM(id * id * id * id * id * id) FROM person
