SELECT COUNT(*) AS people
FROM (SELECT id, MIN(score) AS low, MAX(score) AS high
      FROM credit
      WHERE score_year = 2019
      GROUP BY id) s
WHERE s.high - s.low > 100
