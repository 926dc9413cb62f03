SELECT EXTRACT(year FROM q.o_orderdate) AS o_year,
       COUNT(*) AS orders,
       COUNT(DISTINCT q.c_custkey) AS customers,
       SUM(q.quantity) AS quantity,
       MAX(q.o_totalprice) AS largest
FROM (SELECT c_custkey, o_orderkey, o_orderdate, o_totalprice, SUM(l_quantity) AS quantity
      FROM customer, orders, lineitem
      WHERE o_orderkey IN (SELECT l_orderkey FROM lineitem GROUP BY l_orderkey HAVING SUM(l_quantity) > 300)
        AND c_custkey = o_custkey
        AND o_orderkey = l_orderkey
      GROUP BY c_custkey, o_orderkey, o_orderdate, o_totalprice) q
GROUP BY o_year
ORDER BY o_year
