-- The vocabulary of cleaning. Contracts are compiled to calls of these macros, so no SQL is built from text.
-- Every macro takes text as it stands in the file and gives NULL when it cannot be read. Each looks at the common
-- clean form first: a CASE runs its other branches only on the rows that need them.

create or replace macro half_width(x) as
    case when strlen(x) = length(x) then x
        else translate(x, '０１２３４５６７８９．，％－＋：／　', '0123456789.,%-+:/ ') end;

create or replace macro tidy(x) as
    nullif(
        case when strlen(x) = length(x) then trim(x, ' |' || chr(9) || chr(10) || chr(13))
            else trim(x, ' |' || chr(9) || chr(10) || chr(13) || chr(160) || chr(12288) || chr(65279)) end,
        '');

-- At first sight: what `to_…` would read from text in its common clean form, untidied; NULL for anything else.
create or replace macro sight_real(x) as try_cast(x as double);

create or replace macro sight_int(x) as
    case when sight_real(x) = floor(sight_real(x)) then try_cast(sight_real(x) as bigint) end;

create or replace macro sight_time(x) as
    case when x like '____-__-__ __:__:__' or x like '____-__-__' then try_cast(x as timestamp) end;

create or replace macro sight_cell(x) as
    case when regexp_full_match(x, '[0-9]{3}-[0-9]{2}-[0-9]+-[0-9]+') then x end;

create or replace macro to_text(x) as x;

-- Ids keep leading zeros and lose the quotes that spreadsheets wrap around them.
create or replace macro to_id(x) as
    case
        when contains(x, 'E+') and regexp_full_match(x, '[0-9]+\.?[0-9]*E\+[0-9]+') then null
        when contains(x, 'e+') and regexp_full_match(x, '[0-9]+\.?[0-9]*e\+[0-9]+') then null
        else nullif(trim(half_width(x), ' ''"=' || chr(9)), '')
    end;

create or replace macro to_real(x) as
    coalesce(
        try_cast(x as double),
        try_cast(replace(trim(half_width(x), ' ''"|' || chr(9)), ',', '') as double)
    );

-- Degrees as people write them: 119.4125, 119,4125, E119.4125°, 119°25′30″E, 119°25.5′, 119度25分30秒, 119.25.30.
-- West and south are negative. Minutes and seconds of 60 or more are no position.
create or replace macro sexagesimal(d, m, s) as
    case when try_cast(d as double) <= 180 and coalesce(try_cast(m as double), 0) < 60 and coalesce(try_cast(s as double), 0) < 60
        then try_cast(d as double) + coalesce(try_cast(m as double), 0) / 60 + coalesce(try_cast(s as double), 0) / 3600
    end;

create or replace macro unsigned_degrees(x) as
    case
        when regexp_full_match(x, '[0-9]{1,3}([.,][0-9]+)?[°º˚度]?') then try_cast(replace(rtrim(x, '°º˚度'), ',', '.') as double)
        when regexp_full_match(x, '[0-9]{1,3}\.[0-9]{1,2}\.[0-9]{1,2}(\.[0-9]+)?')
            then sexagesimal(
                regexp_extract(x, '^([0-9]+)\.', 1),
                regexp_extract(x, '^[0-9]+\.([0-9]+)\.', 1),
                regexp_extract(x, '^[0-9]+\.[0-9]+\.(.+)$', 1))
        when regexp_full_match(x, '[0-9]{1,3}[°º˚度: -][0-9]{1,2}(\.[0-9]+)?([′''’‘´分: -]([0-9]{1,2}(\.[0-9]+)?)?([″"”“秒]|[′''’]{2})?)?')
            then sexagesimal(
                regexp_extract(x, '^([0-9]+)', 1),
                regexp_extract(x, '^[0-9]+[^0-9]([0-9.]+)', 1),
                regexp_extract(x, '^[0-9]+[^0-9][0-9.]+[^0-9.]([0-9.]+)', 1))
    end;

create or replace macro bare_degrees(x) as
    trim(regexp_replace(regexp_replace(upper(half_width(x)), '东经|西经|北纬|南纬|[EWNS+]', '', 'g'), '\s*([°º˚度′''’‘´分″"”“秒:])\s*', '\1', 'g'));

create or replace macro to_degrees(x) as
    case
        when try_cast(x as double) is not null then try_cast(x as double)
        when length(x) > 40 then null
        when left(bare_degrees(x), 1) = '-' then -unsigned_degrees(bare_degrees(x)[2:])
        when regexp_matches(upper(x), '西经|南纬|[WS]') then -unsigned_degrees(bare_degrees(x))
        else unsigned_degrees(bare_degrees(x))
    end;

-- One half of a position written in one cell: 119.41,32.39 or (119.41; 32.39) or POINT(119.41 32.39).
create or replace macro half_of_pair(x, half) as
    case
        when length(x) > 80 then null
        when regexp_full_match(bare_pair(x), '[^,;/]+[,;/][^,;/]+') then trim(regexp_split_to_array(bare_pair(x), '[,;/]')[half])
        when regexp_full_match(bare_pair(x), '\S+\s+\S+') then regexp_split_to_array(bare_pair(x), '\s+')[half]
    end;

create or replace macro bare_pair(x) as
    trim(regexp_replace(translate(upper(half_width(x)), '；（）【】', ';()[]'), 'POINT|[()\[\]]', '', 'g'));

create or replace macro to_int(x) as
    case when to_real(x) = floor(to_real(x)) then try_cast(to_real(x) as bigint) end;

create or replace macro from_percent(x) as
    to_real(rtrim(rtrim(half_width(x)), '%')) / 100;

create or replace macro from_fraction(x) as
    case when contains(half_width(x), '%') then from_percent(x) else to_real(x) end;

create or replace macro to_flag(x) as
    case
        when lower(x) in ('是', '有', 'y', 'yes', 'true', 't', '1') then true
        when lower(x) in ('否', '无', 'n', 'no', 'false', 'f', '0') then false
    end;

create or replace macro to_time(x, formats) as
    try_strptime(x, formats);

create or replace macro looks_iso(x) as
    regexp_full_match(x, '[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}([ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?)?');

-- 24:00 is the midnight that ends the day.
create or replace macro to_time_iso(x) as
    case
        when x[5] = '-' and x[8] = '-' and (length(x) = 19 or length(x) = 10) and try_cast(x as timestamp) is not null
            then try_cast(x as timestamp)
        when not looks_iso(x) then null
        when regexp_matches(x, '[ T]24:00')
            then try_cast(regexp_replace(replace(x, '/', '-'), '[ T]24:00', ' 00:00') as timestamp) + interval 1 day
        else try_cast(replace(x, '/', '-') as timestamp)
    end;

-- An instant with its offset, and seconds or milliseconds since 1970: all give UTC.
create or replace macro offset_minutes(x) as
    case when right(x, 1) in ('Z', 'z') then 0
        else cast(regexp_extract(x, '([+-])[0-9]{2}(:?[0-9]{2})?$', 1) || '1' as integer)
            * (cast(regexp_extract(x, '[+-]([0-9]{2})(:?[0-9]{2})?$', 1) as integer) * 60
                + coalesce(try_cast(regexp_extract(x, '[+-][0-9]{2}:?([0-9]{2})$', 1) as integer), 0)) end;

create or replace macro to_time_iso_offset(x) as
    case when regexp_full_match(x, '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)? ?([Zz]|[+-][0-9]{2}(:?[0-9]{2})?)')
        then try_cast(regexp_replace(x, ' ?([Zz]|[+-][0-9]{2}(:?[0-9]{2})?)$', '') as timestamp)
            - to_minutes(offset_minutes(x)) end;

create or replace macro to_time_epoch_s(x) as
    case when to_real(x) between 1e8 and 5e9 then make_timestamp(cast(round(to_real(x) * 1e6) as bigint)) end;

create or replace macro to_time_epoch_ms(x) as
    case when to_real(x) between 1e11 and 5e12 then make_timestamp(cast(round(to_real(x) * 1e3) as bigint)) end;

-- Days since 1899-12-30, as spreadsheets count them; the fraction is the time of day.
create or replace macro to_time_excel_day(x) as
    case when to_real(x) between 20000 and 80000
        then timestamp '1899-12-30' + to_microseconds(cast(round(to_real(x) * 86400) as bigint) * 1000000) end;

-- Figures written 1.234,5.
create or replace macro to_point(x) as replace(replace(x, '.', ''), ',', '.');

create or replace macro first_match(x, patterns, meanings) as
    list_extract(meanings, list_position(list_transform(patterns, lambda p: regexp_matches(x, p, 'i')), true));

-- CGI and its spellings to one cell id: MCC-MNC-node-cell. An ECI is eNB * 256 + cell and has 28 bits; a longer number
-- is an NCI, gNB * per_node + cell.
create or replace macro node_and_cell(n, per_node) as
    concat(cast(n // per_node as varchar), '-', cast(n % per_node as varchar));

create or replace macro to_cell(x, plmn, per_node) as
    case
        when contains(x, '-') and regexp_full_match(x, '[0-9]{3}-[0-9]{2}-[0-9]+-[0-9]+') then x
        when contains(x, ' ') and regexp_full_match(x, '[0-9]{1,10}(\.0)? [0-9]{1,4}(\.0)?')
            then concat_ws('-', nullif(plmn, ''), replace(replace(x, '.0', ''), ' ', '-'))
        when regexp_full_match(x, '[0-9]{6,11}')
            then concat(plmn, '-', node_and_cell(try_cast(x as bigint),
                case when try_cast(x as bigint) < 268435456 then 256 else per_node end))
        else to_id(x)
    end;
