SELECT p.zip, COUNT(c.score) AS scores, SUM(c.score) AS total
FROM credit c
JOIN demographics p ON p.id = c.id
GROUP BY p.zip
ORDER BY p.zip
