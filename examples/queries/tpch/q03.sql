SELECT q.o_orderpriority,
       COUNT(*) AS orders,
       SUM(q.revenue) AS revenue,
       MAX(q.revenue) AS largest,
       MIN(q.o_orderdate) AS oldest
FROM (SELECT l_orderkey, o_orderdate, o_orderpriority,
             LEAST(SUM(l_extendedprice * (100 - l_discount)), 10000000000) AS revenue
      FROM customer, orders, lineitem
      WHERE c_mktsegment = 'BUILDING'
        AND c_custkey = o_custkey
        AND l_orderkey = o_orderkey
        AND o_orderdate < DATE '1995-03-15'
        AND l_shipdate > DATE '1995-03-15'
      GROUP BY l_orderkey, o_orderdate, o_orderpriority) q
GROUP BY q.o_orderpriority
ORDER BY revenue DESC, q.o_orderpriority
