SELECT q.n_name,
       COUNT(*) AS customers,
       SUM(q.revenue) AS revenue,
       MAX(q.revenue) AS largest,
       SUM(q.c_acctbal) AS balance
FROM (SELECT c_custkey, c_acctbal, n_name,
             LEAST(SUM(l_extendedprice * (100 - l_discount)), 1000000000000) AS revenue
      FROM customer, orders, lineitem, nation
      WHERE c_custkey = o_custkey
        AND l_orderkey = o_orderkey
        AND o_orderdate >= DATE '1993-10-01'
        AND o_orderdate < DATE '1993-10-01' + INTERVAL '3 months'
        AND l_returnflag = 'R'
        AND c_nationkey = n_nationkey
      GROUP BY c_custkey, c_acctbal, n_name) q
GROUP BY q.n_name
ORDER BY revenue DESC, q.n_name
LIMIT 20
