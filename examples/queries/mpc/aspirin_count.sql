SELECT COUNT(DISTINCT m.pid) AS rx_cnt
FROM medication m
JOIN (SELECT pid, MIN(visit_day) AS first_day
      FROM diagnosis
      WHERE diag = 'heart disease'
      GROUP BY pid) d ON d.pid = m.pid
WHERE m.med = 'aspirin' AND d.first_day <= m.visit_day
