-- Records that the loss of a history is accepted, so that readers believe what is here in place of it. What is left of a
-- torn store is made whole first: a flag without a value is dropped, and a value without a version is written again.
--
-- KEYS  state, flags, meta, by, changes, history, accepted
-- ARGV  channel, the lost epoch, the epoch that begins if there is none, if it is the lost one, or if the store is torn,
--       the actor, the reason

local state, flags, meta, by, changes, history, accepted = unpack(KEYS)
local channel, lost, new_epoch, actor, reason = unpack(ARGV)

local found = redis.call('HMGET', state, 'epoch', 'sequence', 'id', 'flags', 'keys')
local epoch, sequence, id, count = found[1], tonumber(found[2] or 0), found[3] or '', tonumber(found[4] or 0)
local torn = redis.call('ZCARD', changes) ~= tonumber(found[5] or 0)
for _, key in ipairs({flags, meta, by}) do
    torn = torn or redis.call('HLEN', key) ~= count
end
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local at, last_at = now, 0

-- If the state itself was lost, the history still tells it.
local newest = redis.call('XREVRANGE', history, '+', '-', 'COUNT', 1)[1]
if newest then
    local last = tonumber(string.match(newest[1], '^%d+'))
    if last > sequence then
        sequence, id = last, newest[2][2]
    end
    last_at = tonumber(newest[2][6])
    at = math.max(at, last_at + 1)
end

local function digits(number)
    return string.format('%.0f', number)
end

local function drop_what_has_no_value()
    for _, hash in ipairs({meta, by}) do
        for _, key in ipairs(redis.call('HKEYS', hash)) do
            if not redis.call('HGET', flags, key) then
                redis.call('HDEL', hash, key)
            end
        end
    end
end

local function version_of(key)
    return string.match(redis.call('HGET', meta, key) or '', '^(%d+)|%d')
end

local function write_again(key)
    sequence, last_at = sequence + 1, at
    id = new_epoch .. '-' .. digits(sequence)
    local entry = {'id', id, 'key', key, 'at', digits(at), 'by', actor, 'reason', reason,
        'value', redis.call('HGET', flags, key)}
    local before = redis.call('ZSCORE', changes, key)
    if before then
        entry[#entry + 1] = 'before'
        entry[#entry + 1] = before
    end
    redis.call('XADD', history, digits(sequence) .. '-0', unpack(entry))
    redis.call('HSET', meta, key, digits(sequence) .. '|' .. digits(at))
    redis.call('HSET', by, key, actor .. '\0' .. reason)
end

local function make_whole()
    drop_what_has_no_value()
    local unversioned = {}
    for _, key in ipairs(redis.call('HKEYS', flags)) do
        local version = version_of(key)
        if version then
            sequence = math.max(sequence, tonumber(version))
        else
            unversioned[#unversioned + 1] = key
        end
    end
    for _, key in ipairs(unversioned) do
        write_again(key)
    end
    for _, key in ipairs(redis.call('HKEYS', flags)) do
        redis.call('ZADD', changes, version_of(key), key)
        if not redis.call('HGET', by, key) then
            redis.call('HSET', by, key, actor .. '\0' .. reason)
        end
    end
end

redis.call('PUBLISH', channel, 'accept')
if torn then
    make_whole()
end
redis.call('HSET', accepted, lost, digits(now) .. '\0' .. actor .. '\0' .. reason)
if torn or not epoch or epoch == lost then
    redis.call('HSET', state, 'epoch', new_epoch, 'sequence', digits(sequence), 'id', id,
        'at', digits(last_at), 'flags', redis.call('HLEN', flags), 'keys', redis.call('ZCARD', changes))
end
return {}
