select CGI as cell, sum(`E-RAB异常释放次数`) as lost, sum(`E-RAB建立成功次数`) as held
from kpi where `开始时间` >= {since:DateTime} group by cell having held >= 1000
order by lost / held desc, cell limit 50
