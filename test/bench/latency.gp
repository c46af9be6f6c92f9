# Delivery latency against subscribers: solid for the median, dashed for the
# 99th percentile. gnuplot -e "data='FILE'" latency.gp >latency.svg
set terminal svg size 720,440 font "Helvetica,14" background "#ffffff"
set logscale xy
set xrange [80:12500]
set xtics ("100" 100, "300" 300, "1,000" 1000, "3,000" 3000, "10,000" 10000)
set ytics ("0.1" 0.1, "1" 1, "10" 10, "100" 100, "1,000" 1000)
set xlabel "subscribers"
set ylabel "from sending to receiving, in ms"
set grid xtics ytics linecolor "#dddddd" linetype 1
set border 3 linecolor "#888888"
set tics nomirror scale 0.5
set key left top reverse Left samplen 3

array name[3] = ["crier, a thread for each", "nginx with nchan", "Node"]
array colour[3] = ["#0b6bcb", "#c2570c", "#5b7f24"]

plot for [i = 1:3] data index i - 1 using 1:2 with linespoints \
         linewidth 2.5 pointtype 7 pointsize 0.6 linecolor rgb colour[i] \
         title name[i], \
     for [i = 1:3] data index i - 1 using 1:3 with lines \
         linewidth 1.5 dashtype 2 linecolor rgb colour[i] notitle, \
     1/0 with lines linewidth 1.5 dashtype 2 linecolor rgb "#666666" \
         title "dashed: 99 of 100 are faster"
