SELECT SUM(r.revenue) AS total, SUM(r.revenue * r.revenue) AS squares
FROM (SELECT company, SUM(fare) AS revenue FROM trip WHERE fare > 0 GROUP BY company) r
