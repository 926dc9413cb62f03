WITH rcd AS (
  SELECT pid, visit_day, row_number() OVER (PARTITION BY pid ORDER BY visit_day) AS row_no
  FROM diagnosis
  WHERE diag = 'cdiff')
SELECT COUNT(DISTINCT r1.pid) AS patients
FROM rcd r1 JOIN rcd r2 ON r1.pid = r2.pid AND r2.row_no = r1.row_no + 1
WHERE r2.visit_day - r1.visit_day >= 15
  AND r2.visit_day - r1.visit_day <= 56
