SELECT p.zip, AVG(c.score) AS average
FROM credit c
JOIN demographics p ON p.id = c.id
GROUP BY p.zip
ORDER BY p.zip
