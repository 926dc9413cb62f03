SELECT c_orders.c_count, COUNT(*) AS custdist
FROM (SELECT c_custkey, LEAST(COALESCE(o.n, 0), 50) AS c_count
      FROM customer
      LEFT JOIN (SELECT o_custkey, COUNT(o_orderkey) AS n
                 FROM orders
                 WHERE NOT o_special_requests
                 GROUP BY o_custkey) o ON c_custkey = o.o_custkey) c_orders
GROUP BY c_orders.c_count
ORDER BY custdist DESC, c_orders.c_count DESC
