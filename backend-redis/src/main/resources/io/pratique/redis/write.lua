-- Makes changes to flags, all of them or none, in the order given.
--
-- KEYS  state, flags, meta, by, changes, history
-- ARGV  channel; the epoch that begins if none has begun; and for each change: its id, the flag's key, "set" or
--       "clear", the value or "", how many microseconds it lasts or "", the version expected or "", the actor, the reason
--
-- Answers with nothing if a flag has another version than expected; else for each change with {version, time, end or
-- nil, what is in force after the end or nil}. Times are microseconds.

local state, flags, meta, by, changes, history = unpack(KEYS)
local channel, new_epoch = ARGV[1], ARGV[2]
local WIDTH = 8

local found = redis.call('HMGET', state, 'epoch', 'sequence', 'flags', 'keys')
local epoch, sequence, count = found[1], tonumber(found[2] or 0), tonumber(found[3] or 0)

-- Whoever has seen more than what is left here has to be told so: by another epoch.
local torn = redis.call('HLEN', flags) ~= count or redis.call('HLEN', meta) ~= count
    or redis.call('ZCARD', changes) ~= tonumber(found[4] or 0)
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local at = now
local newest = redis.call('XREVRANGE', history, '+', '-', 'COUNT', 1)[1]
if newest then
    sequence = math.max(sequence, tonumber(string.match(newest[1], '^%d+')))
    -- A clock that was set back makes no change older than the one before it.
    at = math.max(at, tonumber(newest[2][6]) + 1)
end

local function digits(number)
    return string.format('%.0f', number)
end

-- What a flag is before this: whether it is there, its version, what was set for good.
local function stored(key)
    local value, told = redis.call('HGET', flags, key), redis.call('HGET', meta, key) or ''
    if not value then
        return {absent = true}
    end
    local version, ends = string.match(told, '^(%d+)|%d+|?(%d*)')
    if (ends or '') == '' then
        return {version = tonumber(version), stays = value}
    end
    local covered = string.match(told, '^%d+|%d+|%d+|(.*)$')
    return {absent = not covered and tonumber(ends) <= now, version = tonumber(version), stays = covered}
end

-- Readers ignore Unicode's white space around a word, too; beyond ASCII it is made of these bytes.
local WORDS, SPACE = ' true on yes 1 enabled false off no 0 disabled ', '[%s\28-\31\128-\191\225-\227]*'
local function means_on_or_off(value)
    local word = string.match(string.lower(value), '^' .. SPACE .. '(%w+)' .. SPACE .. '$')
    return word and string.find(WORDS, ' ' .. word .. ' ', 1, true)
end

for i = 3, #ARGV, WIDTH do
    local _, key, verb, value, lasts, expected, actor, reason = unpack(ARGV, i, i + WIDTH - 1)
    if actor == '' or (reason or '') == '' then
        return redis.error_reply('ERR each change needs an actor and a reason')
    end
    if verb ~= 'clear' and (verb ~= 'set' or not means_on_or_off(value)) then
        return redis.error_reply('ERR each change has to set on or off, or a word that means the same, or to clear')
    end
    -- What such a change builds upon may be what is missing.
    if torn and (expected ~= '' or lasts ~= '') then
        return redis.error_reply('TORN history "' .. (epoch or 'unknown')
            .. '" is left in part; only what is set for good and expects no version is taken')
    end
    if expected ~= '' then
        local flag = stored(key)
        if tonumber(expected) ~= flag.version and not (flag.absent and tonumber(expected) == 0) then
            return {}
        end
    end
end

-- What was set for good, the changes made so far included.
local known = {}
local function stays(key)
    return (known[key] or stored(key)).stays
end

local made = {}
for i = 3, #ARGV, WIDTH do
    local id, key, verb, value, lasts, _, actor, reason = unpack(ARGV, i, i + WIDTH - 1)
    sequence = sequence + 1
    local change = {id = id, key = key, version = sequence, actor = actor, reason = reason}
    if verb == 'set' then
        change.value = value
        if lasts ~= '' then
            change.ends = digits(now + tonumber(lasts))
            change.covered = stays(key)
        end
    end
    known[key] = {stays = change.ends and change.covered or (not change.ends and change.value) or nil}
    made[#made + 1] = change
end

-- A script that fails half-way is not rolled back. What a user without the right, a replica or a full server may
-- refuse is tried first, on nothing.
redis.call('ZADD', changes, 'XX', 'GT', 0, '')
redis.call('HDEL', state, '')
redis.call('PUBLISH', channel, digits(sequence))
redis.call('HSET', state, 'epoch', (torn or not epoch) and new_epoch or epoch)

local function record(change)
    local entry = {'id', change.id, 'key', change.key, 'at', digits(at), 'by', change.actor, 'reason', change.reason}
    local before = redis.call('ZSCORE', changes, change.key)
    for _, pair in ipairs({{'value', change.value}, {'covered', change.covered}, {'ends', change.ends},
        {'before', before}}) do
        if pair[2] then
            entry[#entry + 1] = pair[1]
            entry[#entry + 1] = pair[2]
        end
    end
    redis.call('XADD', history, digits(change.version) .. '-0', unpack(entry))
    redis.call('ZADD', changes, digits(change.version), change.key)
end

local function apply(change)
    if not change.value then
        redis.call('HDEL', flags, change.key)
        redis.call('HDEL', meta, change.key)
        redis.call('HDEL', by, change.key)
        return
    end
    local told = digits(change.version) .. '|' .. digits(at)
    if change.ends then
        told = told .. '|' .. change.ends
    end
    if change.covered then
        told = told .. '|' .. change.covered
    end
    redis.call('HSET', flags, change.key, change.value)
    redis.call('HSET', meta, change.key, told)
    redis.call('HSET', by, change.key, change.actor .. '\0' .. change.reason)
end

local answer = {}
for i, change in ipairs(made) do
    record(change)
    apply(change)
    answer[i] = {change.version, at, change.ends and tonumber(change.ends) or false, change.covered or false}
end
redis.call('HSET', state, 'sequence', digits(sequence), 'id', made[#made].id, 'at', digits(at), 'flags', redis.call('HLEN', flags),
    'keys', redis.call('ZCARD', changes))
return answer
