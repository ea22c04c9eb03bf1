select toDayOfWeek(`开始时间`) % 7 as weekday, toHour(`开始时间`) as hour, sum(`下行体验速率分子(Mbit)`) as mbit,
    sum(`下行体验速率分母(s)`) as seconds
from kpi group by weekday, hour order by weekday, hour
