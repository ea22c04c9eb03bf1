-- Rows of a ticket export as the demo city's system would write them; $first to $last number the tickets.
-- Ticket n is accepted $seconds_a_ticket * n seconds after $start. `hash` stands for chance, so a number always gives
-- the same ticket. Every eighth customer is one who complained lately; the rest are drawn from $n_customers.
with towns as (
    select
        row_number() over (order by t.town) - 1 as town_no,
        count(*) over () as n_towns,
        t.town, t.lon, t.lat,
        r.zh as district
    from read_csv($workspace || '/towns.csv', types = {'region_code': 'VARCHAR'}) as t
    join read_csv($workspace || '/regions.csv', types = {'region_code': 'VARCHAR'}) as r using (region_code)
),
drawn as (
    select
        n,
        cast(hash(n) >> 1 as bigint) as a,
        cast(hash(n, 1) >> 1 as bigint) as b,
        cast(hash(n, 2) >> 1 as bigint) as c,
        cast(hash(n, 3) >> 1 as bigint) as d,
        cast(hash(n, 4) >> 1 as bigint) as e,
        cast(hash(n, 9) >> 1 as bigint) % 1000 as luck,
        $start::timestamp + to_microseconds(cast(n * $seconds_a_ticket * 1e6 as bigint)) as accepted_at,
        case
            when hash(n, 5) % 8 = 0 then greatest(0, n - 1 - cast(hash(n, 6) >> 1 as bigint) % 60000)
            else n
        end as as_ticket
    from range($first, $last) as r(n)
    where n % $every = 0
),
told as (
    select
        *,
        '1' || ['35', '36', '37', '38', '39', '58', '59', '82'][1 + cast(hash(as_ticket, 7) % 8 as bigint)]
            || lpad(cast(hash(as_ticket, 8) % $n_customers as varchar), 8, '0') as number,
        ['信号弱/无服务', '网速慢', '掉线/通话中断', '视频卡顿', '客服态度差', '服务不及时/等待久', '资费过高/结构复杂',
            '计费不准确', '流量异常消耗', '办理错误', '宽带办理', '手机故障'][1 + c % 12] as kind,
        60 + d % 3600 as reply_s,
        4000 + e % 200000 as done_s
    from drawn
    join towns on town_no = a % n_towns
)
select
    'YZ' || strftime(accepted_at, '%Y%m%d') || lpad(cast(n % 100000000 as varchar), 8, '0') as "工单流水号",
    number as "业务号码",
    strftime(accepted_at, '%Y-%m-%d %H:%M:%S') as "受理时间",
    ['10086热线', '网上营业厅', '手机APP', '线下营业厅', '微信公众号', '工信部申诉'][1 + least(5, b % 40 // 7)] as "受理渠道",
    'CARE' || lpad(cast(c % 300 as varchar), 4, '0') as "受理工号",
    case when luck < 40 then '咨询' else '投诉' end as "请求类别",
    case when luck between 40 and 60 then '无效' else '普通' end as "有效性",
    kind as "投诉现象二级",
    case a % 6
        when 0 then '客户来电称' || town || '第' || (b % 900) || '小区内' || kind || ',已持续' || (c % 30 + 1) || '天,要求尽快处理'
        when 1 then '用户反映' || kind || ',本月账单' || (d % 300) || '.' || (e % 90 + 10) || '元,多次拨打未解决,请回电' || number
        when 2 then '客户在' || district || town || '办理业务时遇到' || kind || ',对答复不满意'
        when 3 then kind || ',家住' || (b % 30 + 1) || '栋' || (c % 900 + 100) || '室,晚上' || (d % 5 + 6) || '点后尤其明显'
        when 4 then '客户王先生称' || kind || ',工单' || n || '处理后仍未恢复'
        else '投诉' || kind || ',希望给出说明'
    end as "投诉内容",
    district as "投诉区县",
    town as "投诉街镇",
    case when b % 5 < 2 then town || '锦绣园' end as "投诉地点",
    round(lon + (b % 10000) / 1e6, 6) as "经度",
    round(lat + (c % 10000) / 1e6, 6) as "纬度",
    ['设备', '小区名匹配', '街道质心', '归属地'][1 + d % 4] as "定位方式",
    ['个人', '家庭', '政企'][1 + e % 3] as "客户类型",
    e % 6 as "用户星级",
    ['青年', '中年', '老年'][1 + a % 3] as "年龄段",
    ['紧急', '重要', '一般'][1 + b % 3] as "紧急程度",
    strftime(accepted_at + to_seconds(reply_s // 2), '%Y-%m-%d %H:%M:%S') as "派单时间",
    strftime(accepted_at + to_seconds(reply_s), '%Y-%m-%d %H:%M:%S') as "首次响应时间",
    ['客服管理部', '网络优化部', '计费中心', '市场部'][1 + c % 4] as "处理部门",
    d % 3 as "转派次数",
    e % 4 // 3 as "催单次数",
    case when $version > 0 or n % 500 > 0 then strftime(accepted_at + to_seconds(done_s), '%Y-%m-%d %H:%M:%S') end as "处理完成时间",
    case when $version > 0 or n % 500 > 0 then strftime(accepted_at + to_seconds(done_s + 600), '%Y-%m-%d %H:%M:%S') end as "反馈时间",
    case when luck % 9 = 0 then '否' else '是' end as "是否解决",
    ['网络侧', '用户侧', '业务侧', '服务侧'][1 + c % 4] as "原因一级",
    strftime($start::timestamp + to_days(cast(800 + 30 * $version as integer)), '%Y-%m-%d %H:%M:%S') as "统计截止时间",
    '是' as "是否模拟"
from told
order by n
