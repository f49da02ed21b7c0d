-- What a reader does not know yet. Changes nothing.
--
-- KEYS  state, flags, meta, changes, history, accepted
-- ARGV  epoch, sequence and id of the last change that the reader has seen, or none of them;
--       and "all" if everything is to be told whatever was seen
--
-- Answers with nothing if the change is known and the last one;
-- with the changes after it, if it is known: "changes", now, epoch, sequence, id and time of the last change, {key, value,
-- meta, ...};
-- else with all: "all", now, epoch, sequence, id and time, whether the change is known, {accepted epoch, ...}, {key,
-- value, ...}, {key, meta, ...}. Times are microseconds; a cleared flag has no value; a store that was never written has no epoch.

local state, flags, meta, changes, history, accepted = unpack(KEYS)
local found = redis.call('HMGET', state, 'epoch', 'sequence', 'id', 'flags', 'keys', 'at')
local epoch, sequence, id = found[1], tonumber(found[2] or 0), found[3] or ''
local count, changed_keys, at = tonumber(found[4] or 0), tonumber(found[5] or 0), tonumber(found[6] or 0)

-- A server that throws keys away when it is full, or a hand that deletes one, leaves a part that must not be believed.
local values, versions, keys = redis.call('HLEN', flags), redis.call('HLEN', meta), redis.call('ZCARD', changes)
if values ~= count or versions ~= count or keys ~= changed_keys then
    return redis.error_reply('TORN history "' .. (ARGV[1] or epoch or 'unknown') .. '" was left with ' .. values
        .. ' values and ' .. versions .. ' versions of ' .. count .. ' flags, ' .. keys .. ' of ' .. changed_keys
        .. ' keys in changes')
end

local function knows(seen, its)
    if seen == 0 or (seen == sequence and its == id) then
        return true
    end
    local change = redis.call('XRANGE', history, seen .. '-0', seen .. '-0')[1]
    return change ~= nil and change[2][2] == its
end

local function changed_after(seen)
    local keys = redis.call('ZRANGEBYSCORE', changes, '(' .. seen, '+inf')
    local answer = {}
    for _, key in ipairs(keys) do
        answer[#answer + 1] = key
        answer[#answer + 1] = redis.call('HGET', flags, key)
        answer[#answer + 1] = redis.call('HGET', meta, key)
    end
    return answer
end

local seen = tonumber(ARGV[2])
local known = seen ~= nil and epoch == ARGV[1] and seen <= sequence and knows(seen, ARGV[3])
if known and ARGV[4] ~= 'all' and seen == sequence then
    return {}
end

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
if known and ARGV[4] ~= 'all' then
    return {'changes', now, epoch, sequence, id, at, changed_after(seen)}
end
return {'all', now, epoch, sequence, id, at, known and 1 or 0, redis.call('HKEYS', accepted),
    redis.call('HGETALL', flags), redis.call('HGETALL', meta)}
