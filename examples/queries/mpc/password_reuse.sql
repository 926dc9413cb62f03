SELECT COUNT(DISTINCT r.id) AS users
FROM (SELECT id, pwd FROM password GROUP BY id, pwd HAVING COUNT(*) > 1) r
