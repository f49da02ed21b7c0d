-- Records that the loss of a history is accepted, so that readers believe what is here in place of it.
--
-- KEYS  state, flags, changes, accepted, history
-- ARGV  channel, the lost epoch, the epoch that begins if there is none or if it is the lost one, the actor, the reason

local state, flags, changes, accepted, history = unpack(KEYS)
local channel, lost, new_epoch, actor, reason = unpack(ARGV)
local epoch = redis.call('HGET', state, 'epoch')
local time = redis.call('TIME')

redis.call('PUBLISH', channel, 'accept')
redis.call('HSET', accepted, lost, string.format('%.0f', time[1] * 1000000 + time[2]) .. '\0' .. actor .. '\0' .. reason)
if not epoch or epoch == lost then
    redis.call('HSET', state, 'epoch', new_epoch, 'flags', redis.call('HLEN', flags),
        'keys', redis.call('ZCARD', changes))
    -- The rest is as it was, unless the state itself was lost: then the history still tells it.
    local newest = redis.call('XREVRANGE', history, '+', '-', 'COUNT', 1)[1]
    if newest and not epoch then
        redis.call('HSET', state, 'sequence', string.match(newest[1], '^%d+'), 'id', newest[2][2])
    end
end
return {}
