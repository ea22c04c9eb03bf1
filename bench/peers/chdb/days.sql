select toDate(`开始时间`) as day, sum(`E-RAB异常释放次数`) as lost, sum(`E-RAB建立成功次数`) as held,
    sum(`RRC连接成功次数`) as connected, sum(`RRC连接请求次数`) as asked
from kpi group by day order by day
