-- All flags as they are. Changes nothing.
--
-- KEYS  state, flags, meta, by
--
-- Answers with {key, value, ...}, {key, meta, ...}, {key, actor and reason with a zero byte between them, ...}, now in
-- microseconds.

local state, flags, meta, by = unpack(KEYS)
local found = redis.call('HMGET', state, 'epoch', 'flags')
local count = tonumber(found[2] or 0)
for _, key in ipairs({flags, meta, by}) do
    if redis.call('HLEN', key) ~= count then
        return redis.error_reply('TORN history "' .. (found[1] or 'unknown') .. '" was left with '
            .. redis.call('HLEN', key) .. ' of ' .. count .. ' flags in ' .. key)
    end
end
local time = redis.call('TIME')
return {redis.call('HGETALL', flags), redis.call('HGETALL', meta), redis.call('HGETALL', by),
    time[1] * 1000000 + time[2]}
